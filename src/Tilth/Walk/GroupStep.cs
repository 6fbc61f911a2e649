using Tilth.Data;
using Tilth.Honesty;
using Tilth.Models.Heads;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>Measures scored rows group by group; the columns that make the groups need not be features.</summary>
public static class GroupStep
{
    /// <summary>A package's predictions of a table that has the target.</summary>
    /// <param name="package">What is measured.</param>
    /// <param name="raw">As a source gave it.</param>
    /// <param name="columns">Names of the columns that make groups.</param>
    /// <exception cref="SchemaException">A column is missing.</exception>
    /// <exception cref="LearningException">A column makes no groups, or no row has a target.</exception>
    public static IReadOnlyList<GroupFindings> Of(ModelPackage package, Table raw, IReadOnlyList<string> columns)
    {
        if (columns.Count == 0) return [];
        var data = TrainingTable.Read(raw, package.Schema, []);
        double[] predictions = package.Node.Predict(data.Table);
        package.Head.Calibrate(predictions, package.Target.OutputCount);
        return Of(raw, new ScoredRows(data, [.. Enumerable.Range(0, data.RowCount)], predictions, "test file"), package.Head.Rule, columns);
    }

    internal static IReadOnlyList<GroupFindings> Of(Table raw, ScoredRows scored, DecisionRule rule, IReadOnlyList<string> columns)
    {
        if (columns.Count == 0) return [];
        var schema = scored.Data.Schema;
        var conformed = schema.Conform(raw, [], targetRequired: true);
        int[] known = TargetReader.Read(conformed, schema).Rows, rows = Array.ConvertAll(scored.Rows, row => known[row]);
        return [.. columns.Select(name => GroupMeasure.Of((conformed.Find(name) ?? raw[name]).Take(rows), scored.Data.Target.Take(scored.Rows), scored.Predictions, rule))];
    }
}
