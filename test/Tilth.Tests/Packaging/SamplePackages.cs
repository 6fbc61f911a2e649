using System.Text;
using Tilth.Data;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;
using Tilth.Packaging;
using Tilth.Tests.Models.Nodes;

namespace Tilth.Tests.Packaging;

/// <summary>Whole packages, small enough to be mutated thousands of times.</summary>
static class SamplePackages
{
    /// <summary>A blend with profile, documents and a calibrated head, over numbers, truth values, dates, categories and texts.</summary>
    public static ModelPackage Make(TaskKind task)
    {
        var (schema, table, node) = SampleNodes.Make(task);
        return Make(schema, table, node, HeadFor(schema.Target!));
    }

    /// <summary>A single pipeline of three trees over few columns: about 10 kB.</summary>
    public static ModelPackage MakeSmall()
    {
        var table = SampleNodes.Make(TaskKind.Binary).Table.Select("x", "flag", "when", "color", "two").Slice(0, 120);
        var schema = SampleNodes.SchemaOf(table, Contracts.ContractData.TargetOf(TaskKind.Binary));
        var x = ((NumberColumn)table["x"]).Values;
        var target = new Target(schema.Target!, [.. Enumerable.Range(0, table.RowCount).Select(row => x.Span[row] > 0 ? 1.0 : 0)]);
        var boosting = new Tilth.Learners.Boosting.GradientBoosting { NEstimators = 3, NumLeaves = 4, EarlyStoppingRounds = 0 };
        Node node = new Mean([SampleNodes.Pipeline(schema, table, target, boosting), SampleNodes.Pipeline(schema, table, target, SampleNodes.Linear)]);
        return Make(schema, table, node, HeadFor(schema.Target!));
    }

    static ModelPackage Make(Schema schema, Table table, Node node, Head head)
    {
        var documents = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [PackageDocuments.Lineage] = Encoding.UTF8.GetBytes("""{"seed":1}"""),
            [PackageDocuments.Evaluation] = Encoding.UTF8.GetBytes("""{"auc":0.9}"""),
        };
        return new ModelPackage(schema, node, head, DataProfile.Of(schema, table, node.Predict(table), node.OutputCount), documents);
    }

    static Head HeadFor(TargetSchema target) => target.Task switch
    {
        TaskKind.Binary => Head.For(target) with { Calibrator = new PlattCalibrator(1.2, -0.1), Rule = new DecisionRule(DecisionKind.Threshold, 0.4) },
        TaskKind.Multiclass => Head.For(target) with { Calibrator = new TemperatureCalibrator(1.5) },
        _ => Head.For(target, "EUR") with { Conformal = new Conformal([0.8, 0.9], [1.25, 2]) },
    };
}
