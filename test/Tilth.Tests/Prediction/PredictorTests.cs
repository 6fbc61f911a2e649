using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;
using Tilth.Packaging;
using Tilth.Prediction;
using Tilth.Tests.Contracts;
using Tilth.Tests.Models.Nodes;
using Tilth.Tests.Packaging;

namespace Tilth.Tests.Prediction;

public class PredictorTests
{
    public static TheoryData<TaskKind> Tasks => [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    [Theory, MemberData(nameof(Tasks))]
    public void Tables_rows_and_dictionaries_give_the_same_bits(TaskKind task)
    {
        var predictor = new Predictor(SamplePackages.Make(task));
        var table = SampleNodes.Make(task).Table;
        var batch = predictor.Predict(table);
        Assert.Empty(batch.Warnings);
        var row = predictor.NewRow();
        var outputs = new double[predictor.OutputCount];
        for (int r = 0; r < 60; r++)
        {
            var values = table.Columns.ToDictionary(column => column.Name, column => ValueOf(column, r));
            row.Clear();
            foreach (var (name, value) in values) row.SetObject(name, value);
            predictor.Predict(row, outputs);
            Assert.Equal(batch.Values.AsSpan(r * outputs.Length, outputs.Length).ToArray(), outputs);
            var one = predictor.Predict(values);
            Assert.Equal(batch.Decisions()[r], predictor.Decide(outputs));
            Assert.Equal(predictor.Package.Version, one.PackageVersion);
            if (task == TaskKind.Regression) Assert.Equal((outputs[0], outputs[0] - 2), (one.Value, one.Intervals[1].Low));
            else Assert.Equal(one.Decision, predictor.Package.Target.Classes[batch.Decisions()[r]]);
        }
    }

    [Theory, MemberData(nameof(Tasks))]
    public void A_table_of_predictions_has_the_heads_columns(TaskKind task)
    {
        var predictor = new Predictor(SamplePackages.Make(task));
        var predictions = predictor.Predict(SampleNodes.Make(task).Table).ToTable();
        string[] expected = task switch
        {
            TaskKind.Binary => ["prediction", "probability_no", "probability_yes"],
            TaskKind.Multiclass => ["prediction", "probability_c0", "probability_c1", "probability_c2"],
            _ => ["prediction", "lower_80", "upper_80", "lower_90", "upper_90"],
        };
        Assert.Equal(expected, predictions.Columns.Select(column => column.Name));
        if (task == TaskKind.Regression) return;
        for (int row = 0; row < predictions.RowCount; row++)
            Assert.Equal(1, predictions.Columns.Skip(1).Sum(column => ((NumberColumn)column).Values.Span[row]), 1e-12);
    }

    [Fact]
    public void Sets_name_the_classes_that_may_be_true_and_say_when_the_package_cannot()
    {
        var sample = SamplePackages.Make(TaskKind.Binary);
        var predictor = new Predictor(new ModelPackage(sample.Schema, sample.Node, sample.Head with { Conformal = new Conformal([0.9], [0.6], [0.55, 0.6]) }, sample.Profile, sample.Documents));
        var rows = SampleNodes.Make(TaskKind.Binary).Table;
        var predicted = predictor.Predict(rows);
        var sets = predicted.ToTable()["set_90"];
        bool[] sure = predicted.IsSure(0.9);
        for (int row = 0; row < rows.RowCount; row++)
        {
            double yes = predicted.ProbabilitiesOf(1)[row];
            string[] expected = [.. new[] { (1 - yes >= 0.45, "no"), (yes >= 0.4, "yes") }.Where(pair => pair.Item1).Select(pair => pair.Item2)];
            Assert.Equal(string.Join(" | ", expected), sets.Format(row) ?? "");
            Assert.Equal(expected.Length == 1, sure[row]);
            var set = Assert.Single(predictor.Describe(predicted.Values.AsSpan(row, 1), []).Sets);
            Assert.Equal(expected, set.Classes);
            Assert.Equal(!sure[row], set.CannotSay);
        }
        Assert.Contains("90 %", Assert.Throws<SchemaException>(() => predicted.IsSure(0.8)).Message);
    }

    [Fact]
    public void Warnings_name_what_training_did_not_see()
    {
        var predictor = new Predictor(SamplePackages.Make(TaskKind.Binary));
        var warnings = predictor.Predict(new Dictionary<string, object?>
        {
            ["x"] = 1e9, ["color"] = "ultraviolet", ["income"] = "a lot", ["flag"] = true, ["when"] = new DateTime(2050, 1, 1), ["note"] = null,
        }).Warnings;
        string Of(string column) => Assert.Single(warnings, warning => warning.Column == column).Code;
        Assert.Equal("out-of-range", Of("x"));
        Assert.Equal("out-of-range", Of("when"));
        Assert.Equal("level-unseen", Of("color"));
        Assert.Contains("ultraviolet", warnings.First(warning => warning.Column == "color").Message);
        Assert.Equal("value-unreadable", Of("income"));
        Assert.Equal("column-missing", Of("city"));
        Assert.DoesNotContain(warnings, warning => warning.Column is "note" or "flag" or "id");
    }

    [Fact]
    public void Unknown_names_and_types_are_refused_all_at_once()
    {
        var predictor = new Predictor(SamplePackages.Make(TaskKind.Binary));
        var fault = Assert.Throws<SchemaException>(() => predictor.Predict(new Dictionary<string, object?> { ["colour"] = "red", ["x"] = new object() }));
        Assert.Equal(2, fault.Problems.Count);
        Assert.Contains("did you mean 'color'?", fault.Message);
        Assert.Throws<SchemaException>(() => predictor.Predict(SampleNodes.Make(TaskKind.Binary).Table.Without("x", "city")));
    }

    [Fact]
    public void A_row_is_set_and_predicted_without_allocation()
    {
        var predictor = new Predictor(SamplePackages.Make(TaskKind.Multiclass));
        var row = predictor.NewRow();
        var outputs = new double[predictor.OutputCount];
        void Once(double x)
        {
            row.Clear();
            row.Set("x", x);
            row.Set("color", "color2");
            row.Set("note", "good red apple");
            row.Set("when", new DateTime(2020, 2, 3));
            row.Set("flag", true);
            predictor.Predict(row, outputs);
        }
        for (int i = 0; i < 200; i++) Once(i);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++) Once(i);
        }));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var predictor = new Predictor(SamplePackages.Make(TaskKind.Binary));
        var table = SampleNodes.Make(TaskKind.Binary).Table;
        double[] expected = predictor.Predict(table).ProbabilitiesOf(1);
        var rows = Enumerable.Range(0, 100).Select(r => table.Columns.ToDictionary(c => c.Name, c => ValueOf(c, r))).ToArray();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => Assert.Equal(expected[i % 100], predictor.Predict(rows[i % 100]).Value));
    }

    [Fact]
    public void Contributions_on_columns_add_up_to_the_scores_distance_from_average()
    {
        var package = SamplePackages.Make(TaskKind.Regression);
        var pipeline = (Pipeline)package.Node.Children[0];
        var predictor = new Predictor(new ModelPackage(package.Schema, pipeline, package.Head));
        var row = predictor.NewRow();
        row.SetObject("x", 1.5);
        row.SetObject("color", "color1");
        var outputs = new double[1];
        predictor.Predict(row, outputs);
        var explained = predictor.Explain(row);
        var baseline = new double[1];
        RowAttribution.Explain(pipeline.Model, row.Prepared.FeaturesOf(pipeline.Preparation), new double[pipeline.Preparation.Map.Count], baseline);
        Assert.Equal(outputs[0], baseline[0] + explained.Sum(c => c.Amount), 1e-6);
        Assert.Equal("x", explained[0].Column);
        Assert.True(new Predictor(package).CanExplain);
    }

    static object? ValueOf(Column column, int row) => column.IsMissing(row) ? null : column switch
    {
        NumberColumn numbers => numbers.Values.Span[row],
        BooleanColumn flags => flags.Values.Span[row] > 0,
        DateTimeColumn moments => new DateTime(moments.Ticks.Span[row]),
        _ => column.Format(row),
    };
}
