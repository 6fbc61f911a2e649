using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Metrics;
using Tilth.Models;
using Tilth.Prepare;
using Tilth.Search;
using static Tilth.Tests.Search.SearchTables;

namespace Tilth.Tests.Search;

/// <summary>One model that learned what a blend foresees: within the limits, honest, and the same when replayed.</summary>
public sealed class DistillationTests : IDisposable
{
    readonly string log = Path.Combine(Path.GetTempPath(), "tilth-test-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(log)) Directory.Delete(log, recursive: true);
    }

    /// <summary>A boosted member of four folds takes more than its student.</summary>
    static long LimitFor(SearchOutcome free) => free.Board!.Rows.First(row => row.Model.StartsWith("gradient_boosting", StringComparison.Ordinal)).Bytes * 3 / 4;

    static double[] Predictions(SearchOutcome found, Table table) => found.Node.Predict(Read(table).Table);

    /// <summary>Boosting, and a forest that no limit below lets in.</summary>
    static IReadOnlyList<Candidate> Large { get; } = [Cheap[2], Candidate.Parse("extra_trees", [("n_estimators", "100")], null)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_limits_leave_no_blend_a_student_takes_its_place_and_is_replayed_to_the_bit(bool classes)
    {
        var table = Make(500, 3, classes: classes);
        var free = Run(table, new SearchPlan { Trials = 2 }, portfolio: Large);
        long limit = LimitFor(free);
        var found = Run(table, new SearchPlan { Trials = 2, MaxBytes = limit, Log = log }, portfolio: Large);
        Assert.NotNull(found.Distilled);
        var row = Assert.Single(found.Board!.Rows, row => row.Weight > 0);
        Assert.StartsWith("distilled gradient_boosting", row.Model, StringComparison.Ordinal);
        Assert.Equal((1.0, 1), (row.Weight, row.Models));
        Assert.InRange(row.Bytes, 1, limit);
        Assert.Contains(found.Decisions, decision => decision.Subject == "distillation");
        using (var open = TrialLog.Open(log, LogUse.Resume)) open.End("done", found, _ => { });
        var again = Run(table, new SearchPlan { Log = log, LogUse = LogUse.Replay }, portfolio: Large);
        Assert.Equal(Predictions(found, table), Predictions(again, table));
        Assert.Equal(found.OutOfFold.Predictions, again.OutOfFold.Predictions);
        Assert.Equal(found.Board.Rows.Select(row => row.Model), again.Board!.Rows.Select(row => row.Model));
    }

    /// <summary>A student may only take the place of something worse.</summary>
    [Fact]
    public void What_holds_the_limits_and_is_better_stays()
    {
        var table = Make(300, 4);
        var free = Run(table, new SearchPlan { Trials = 4 });
        Assert.Null(free.Distilled);
        Assert.Null(Run(table, new SearchPlan { Trials = 4, MaxBytes = 100_000_000 }).Distilled);
        long linear = free.Board!.Rows.First(row => row.Model.StartsWith("linear", StringComparison.Ordinal)).Bytes;
        Assert.Null(Run(table, new SearchPlan { Trials = 4, MaxBytes = linear + 1 }).Distilled);
    }

    [Fact]
    public void What_holds_the_limits_and_is_clearly_worse_goes()
    {
        var table = Make(500, 6, classes: false);
        Candidate[] portfolio = [Cheap[0], Cheap[2]];
        var free = Run(table, new SearchPlan { Trials = 2 }, portfolio: portfolio);
        var found = Run(table, new SearchPlan { Trials = 2, MaxBytes = LimitFor(free) }, portfolio: portfolio);
        Assert.NotNull(found.Distilled);
        var (student, linear) = (found.Board!.Rows[0], found.Board.Rows[1]);
        Assert.Equal((1.0, 0.0), (student.Weight, linear.Weight));
        Assert.Equal("linear", linear.Model[..6]);
        Assert.True(student.Score.Value < linear.Score.Value);
    }

    [Fact]
    public void A_student_that_is_too_large_learns_fewer_rounds_in_longer_steps()
    {
        var table = Make(500, 5);
        var free = Run(table, new SearchPlan { Trials = 2 }, portfolio: Large);
        var wide = Run(table, new SearchPlan { Trials = 2, MaxBytes = LimitFor(free) }, portfolio: Large).Distilled!;
        var tight = Run(table, new SearchPlan { Trials = 2, MaxBytes = LimitFor(free) / 4 }, portfolio: Large);
        double Of(Candidate student, string name) => student.Entry.Parameters.First(parameter => parameter.Name == name).Get(student.Learner);
        Assert.True(Of(tight.Distilled!, "n_estimators") < Of(wide, "n_estimators"));
        Assert.True(Of(tight.Distilled!, "learning_rate") > Of(wide, "learning_rate"));
        Assert.InRange(tight.Board!.Rows[0].Bytes, 1, LimitFor(free) / 4);
    }

    /// <summary>Taught by out-of-fold predictions, students of such tables reach an AUC of 0.6 to 0.7.</summary>
    [Fact]
    public void A_student_of_noise_scores_as_noise()
    {
        double sum = 0;
        const int Tables = 8;
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var table = Make(200, 100 + seed, noise: true);
            var free = Run(table, new SearchPlan { Trials = 2 }, portfolio: Large);
            var found = Run(table, new SearchPlan { Trials = 2, MaxBytes = LimitFor(free) }, portfolio: Large);
            var target = Read(table).Target;
            Assert.NotNull(found.Distilled);
            sum += MetricCatalog.Find("auc").Compute(new EvaluationData(target.Schema, target.Values, found.OutOfFold.Predictions));
        }
        Assert.InRange(sum / Tables, 0.43, 0.54);
    }

    /// <summary>What is sure is the target itself.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Soft_targets_that_are_sure_teach_what_the_classes_teach(int classes)
    {
        var (set, rows) = Classes(classes);
        double[] sure = classes == 2 ? [.. rows.Select(row => set.Target.Values[row])] : [.. rows.SelectMany(row => Enumerable.Range(0, classes).Select(k => k == (int)set.Target.Values[row] ? 1.0 : 0))];
        var learner = Cheap[2].Learner;
        Model hard = learner.Fit(set.View(rows), FitContext.Default), soft = learner.Fit(SoftTarget.Of(set, rows, sure), FitContext.Default);
        var foreseen = new double[2][];
        foreach (var (model, at) in new[] { (hard, 0), (soft, 1) }) model.Predict(set.Features, 0, set.Features.RowCount, foreseen[at] = new double[set.Features.RowCount * hard.OutputCount]);
        for (int i = 0; i < foreseen[0].Length; i++) Assert.Equal(foreseen[0][i], foreseen[1][i], 1e-6);
    }

    /// <summary>Whatever the features, a model of constant shares foresees them.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Soft_targets_are_foreseen_as_they_are(int classes)
    {
        var (set, rows) = Classes(classes);
        double[] shares = classes == 2 ? [0.3] : [0.2, 0.7, 0.1];
        double[] taught = [.. rows.SelectMany(_ => shares)];
        if (classes == 2) taught[0] += 1e-3;
        var learner = Candidate.Parse("gradient_boosting", [("n_estimators", "25"), ("early_stopping_rounds", "0"), ("bagging_fraction", "1")], null).Learner;
        var model = learner.Fit(SoftTarget.Of(set, rows, taught), FitContext.Default);
        var foreseen = new double[set.Features.RowCount * shares.Length];
        model.Predict(set.Features, 0, set.Features.RowCount, foreseen);
        for (int i = 0; i < foreseen.Length; i++) Assert.Equal(shares[i % shares.Length], foreseen[i], 5e-3);
    }

    static (TrainingSet Set, int[] Rows) Classes(int classes)
    {
        const int Rows = 240;
        var raw = Make(Rows, 9, classes: false);
        double[] codes = [.. ((NumberColumn)raw["y"]).Values.ToArray().Select(y => (double)Math.Clamp((int)Math.Floor(y + 1), 0, classes - 1))];
        var schema = new TargetSchema { Column = "y", Task = classes == 2 ? TaskKind.Binary : TaskKind.Multiclass, Classes = [.. Enumerable.Range(0, classes).Select(k => $"{k}")] };
        var data = Read(raw);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var plan = PreparationPlan.For(data.Schema, Cheap[2].Learner.Needs);
        return (new TrainingSet(plan.Fit(data.Table, new Target(schema, codes), rows, FitContext.Default).TrainingFeatures, new Target(schema, codes)), rows);
    }
}
