using Tilth.Data;
using Tilth.Honesty;
using Tilth.Honesty.Leaks;
using Tilth.Honesty.Rows;
using Tilth.Kernels;
using Tilth.Learners.Linear;

namespace Tilth.Tests.Honesty;

public class DataIssuesTests
{
    static readonly LogisticRegression Fast = new();

    [Fact]
    public void Wrong_labels_stand_first_among_the_doubtful()
    {
        var table = Separable(1500, 3);
        int before = IssuesOf(table).Doubtful;
        string?[] labels = [.. Enumerable.Range(0, 1500).Select(table["y"].Format)];
        int[] wrong = new RandomSource(5).Choose(1500, 60);
        foreach (int row in wrong) labels[row] = labels[row] == "yes" ? "no" : "yes";
        var issues = IssuesOf(table.Without("y").With(TextColumn.From("y", labels)));
        Assert.Contains(issues.Sentences(), sentence => sentence.Contains("look there first (row "));
        Assert.True(issues.Doubtful > before + 20);
        Assert.True(issues.Rows.Count(row => wrong.Contains(row.Row - 1)) >= 0.8 * issues.Rows.Count);
        Assert.Empty(issues.WithoutRows().Rows);
    }

    [Fact]
    public void A_group_with_other_rules_is_named()
    {
        var table = Separable(2000, 4);
        var random = new RandomSource(8);
        string?[] site = [.. Enumerable.Range(0, 2000).Select(row => row % 8 == 0 ? "north" : "south")];
        string?[] labels = [.. Enumerable.Range(0, 2000).Select(row => site[row] == "north" && random.NextDouble() < 0.5 ? "yes" : table["y"].Format(row))];
        // The column is not learned from, so that the model cannot know.
        var changed = table.Without("y").With(TextColumn.From("site", site)).With(TextColumn.From("y", labels));
        var schema = SchemaInference.Infer(changed, new SchemaRequest { Target = "y", Positive = "yes" }).Schema;
        var data = TrainingTable.Read(changed, schema, []);
        var truth = Enumerable.Range(0, 2000).Select(row => table["y"].Format(row) == "yes" ? 0.9 : 0.1).ToArray();
        var issues = DataIssues.Of(new(data.Target, truth), schema, data.Table, row => row + 1);
        var group = Assert.Single(issues.Groups, group => group.Column == "site");
        Assert.Equal("'north'", group.Value);
        Assert.Contains("'yes' is stated for", group.Sentence);
    }

    [Fact]
    public void The_three_columns_that_matter_most_are_asked_about()
    {
        var result = (Training.For("y") with { Learner = Fast, Folds = 3 }).Run(Separable(400, 6));
        Assert.Equal(3, result.Findings.Questions.Count);
        Assert.Contains("known when the prediction is made?", result.Findings.Questions[0].Sentence());
        Assert.Contains(result.Decisions, decision => decision.Subject == result.Findings.Questions[0].Column && decision.Choice.StartsWith("asked about"));
        Assert.Empty(FindingsJson.Read(result.Package.Documents[Findings.DocumentName].Span).Issues!.Rows);
    }

    [Fact]
    public void Dates_after_the_prediction_are_left_out()
    {
        var random = new RandomSource(2);
        string Day(int day) => new DateTime(2024, 1, 1).AddDays(day).ToString("yyyy-MM-dd");
        int[] opened = [.. Enumerable.Range(0, 400).Select(_ => random.NextInt(300))];
        var table = Separable(400, 7).With(TextColumn.From("opened", [.. opened.Select(day => (string?)Day(day))])).With(TextColumn.From("closed", [.. opened.Select(day => (string?)Day(day + random.NextInt(20)))]))
            .With(TextColumn.From("born", [.. opened.Select(day => (string?)Day(day - 9000 - random.NextInt(5000)))]));
        var training = Training.For("y") with { Learner = Fast, Folds = 3, KnownAt = "opened" };
        var result = training.Run(table);
        var found = Assert.Single(result.Findings.Suspicions, suspicion => suspicion.Kind == LeakKind.LaterDate);
        Assert.Equal(("closed", true), (found.Column, found.LeftOut));
        Assert.Equal(ColumnRole.Ignored, result.Package.Schema.Find("closed")!.Role);
        Assert.False(Assert.Single((training with { Keep = ["closed"] }).Run(table).Findings.Suspicions, suspicion => suspicion.Kind == LeakKind.LaterDate).LeftOut);
        Assert.Throws<SchemaException>(() => (training with { KnownAt = "x0" }).Run(table));
        Assert.Throws<SchemaException>(() => (training with { KnownAt = "nowhere" }).Run(table));
    }

    static DataIssues IssuesOf(Table table) => (Training.For("y") with { Learner = Fast, Folds = 3 }).Run(table).Findings.Issues!;

    /// <summary>Three numbers that tell the class nearly always.</summary>
    static Table Separable(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        double[][] x = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextGaussian()).ToArray())];
        string?[] y = [.. Enumerable.Range(0, rows).Select(row => random.NextDouble() < Elementary.Sigmoid(3 * (x[0][row] + x[1][row] + x[2][row])) ? "yes" : "no")];
        return new Table([.. x.Select((values, c) => (Column)new NumberColumn($"x{c}", values)), TextColumn.From("y", y)]);
    }
}
