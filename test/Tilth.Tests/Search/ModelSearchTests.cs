using System.Diagnostics;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Parallelism;
using Tilth.Search;
using static Tilth.Tests.Search.SearchTables;

namespace Tilth.Tests.Search;

public sealed class ModelSearchTests : IDisposable
{
    readonly string log = Path.Combine(Path.GetTempPath(), $"tilth-search-{Environment.ProcessId}-{Guid.CreateVersion7():N}.jsonl");

    public void Dispose() => File.Delete(log);

    [Fact]
    public void The_same_units_give_the_same_bytes_on_one_thread_and_on_three()
    {
        var table = Make(240, 1);
        Training training = Training.For("y") with { Search = new SearchPlan { Trials = 3 }, Folds = 3 };
        using var three = new WorkerPool(3);
        var one = training.Run(table, new FitContext { Seed = 5 });
        var other = training.Run(table, new FitContext { Seed = 5, Workers = three });
        Assert.Equal(one.Package.ToBytes(), other.Package.ToBytes());
        Assert.Contains("leaderboard.json", one.Package.Documents.Keys);
        Assert.Equal("out of fold", one.Evaluation.RowsFrom);
        Assert.NotEmpty(one.Importance);
        Assert.Equal(one.Package.Node.Predict(Read(table).Table), Packaging(one.Package).Node.Predict(Read(table).Table));
    }

    static Tilth.Packaging.ModelPackage Packaging(Tilth.Packaging.ModelPackage package) => Tilth.Packaging.ModelPackage.Open(new MemoryStream(package.ToBytes()));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_finds_what_no_linear_model_finds(bool classes)
    {
        var found = Run(Make(600, 2, classes: classes), new SearchPlan { Trials = 12 });
        Assert.StartsWith("linear", found.Board.Simplest);
        Assert.Contains("better", found.Board.Recommendation);
        Assert.Equal(1, found.Board.Rows.Sum(row => row.Weight), 9);
        bool ordered = found.Board.Rows.Zip(found.Board.Rows.Skip(1)).All(pair => classes ? pair.First.Score.Value >= pair.Second.Score.Value : pair.First.Score.Value <= pair.Second.Score.Value);
        Assert.True(ordered);
    }

    [Fact]
    public void A_learner_that_breaks_is_a_row_in_the_log_and_not_the_end()
    {
        var found = Run(Make(150, 3), new SearchPlan { Trials = 3, Log = log }, portfolio: [Of(new BrokenLearner(), "linear"), Cheap[1], Cheap[2]]);
        Assert.Equal(2, found.Board.Rows.Count);
        Assert.Contains(found.Board.Others, other => other.Why == "this learner is broken");
        Assert.Contains("\"status\":\"failed\"", File.ReadAllText(log));
    }

    [Fact]
    public void If_every_trial_breaks_it_says_why()
        => Assert.Contains("this learner is broken", Assert.Throws<LearningException>(() => Run(Make(60, 3), new SearchPlan { Trials = 2 }, portfolio: [Of(new BrokenLearner(), "linear")])).Message);

    [Fact]
    public void A_run_that_was_killed_goes_on_to_the_same_result()
    {
        var table = Make(200, 4);
        string whole = log + ".whole";
        try
        {
            var asked = new SearchPlan { Trials = 8, Log = whole };
            var through = Run(table, asked);
            string[] lines = File.ReadAllLines(whole);
            // Killed in the middle of writing the sixth trial.
            File.WriteAllText(log, string.Join('\n', lines.Take(6)) + "\n" + lines[6][..20]);
            var resumed = Run(table, asked with { Log = log, LogUse = LogUse.Resume });
            Assert.Equal(Predictions(through, table), Predictions(resumed, table));
            Assert.Equal(lines.Length, File.ReadAllLines(log).Length);
        }
        finally { File.Delete(whole); }
    }

    [Fact]
    public void A_run_by_the_clock_can_be_done_again_without_one()
    {
        var table = Make(200, 5);
        var first = Run(table, new SearchPlan { Time = TimeSpan.FromSeconds(2), Log = log });
        var again = Run(table, new SearchPlan { Log = log, LogUse = LogUse.Replay });
        Assert.Equal(Predictions(first, table), Predictions(again, table));
        Assert.Equal(first.OutOfFold.Predictions, again.OutOfFold.Predictions);
    }

    [Fact]
    public void A_log_of_another_run_is_refused()
    {
        Run(Make(100, 6), new SearchPlan { Trials = 1, Log = log });
        Assert.Contains("other values", Assert.Throws<LearningException>(() => Run(Make(100, 7), new SearchPlan { Trials = 1, Log = log, LogUse = LogUse.Resume })).Message);
        Assert.Contains("exists already", Assert.Throws<LearningException>(() => Run(Make(100, 6), new SearchPlan { Trials = 1, Log = log })).Message);
        File.AppendAllText(log, "{\"kind\":\"trial\"}\n");
        Assert.Contains("line 3", Assert.Throws<LearningException>(() => Run(Make(100, 6), new SearchPlan { Trials = 1, Log = log, LogUse = LogUse.Replay })).Message);
    }

    [Fact]
    public void The_time_is_a_limit_also_for_a_slow_learner()
    {
        var clock = Stopwatch.StartNew();
        var found = Run(Make(120, 8), new SearchPlan { Time = TimeSpan.FromSeconds(2) }, portfolio: [Cheap[0], Of(new SlowLearner(60_000), "slow")]);
        Assert.True(clock.Elapsed.TotalSeconds < 4, $"{clock.Elapsed}");
        Assert.Contains(found.Board.Others, other => other.Model == "slow" && other.Why.Contains("time"));
    }

    [Fact]
    public void When_nothing_is_finished_the_first_models_are_kept_and_scored_on_what_they_foresaw()
    {
        var found = Run(Make(120, 9), new SearchPlan { Time = TimeSpan.FromSeconds(1.5) }, portfolio: [Of(new SlowLearner(60_000), "slow")]);
        Assert.Equal(30, found.OutOfFold.Rows.Length);
        Assert.Equal(120, found.Node.Predict(Read(Make(120, 9)).Table).Length);
    }

    [Fact]
    public void Ctrl_C_keeps_the_best_so_far_and_cancelling_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var found = Run(Make(120, 10), new SearchPlan { Trials = 50 }, new FitContext { FinishEarly = stop.Token });
        Assert.Single(found.Board.Rows);
        Assert.ThrowsAny<OperationCanceledException>(() => Run(Make(120, 10), new SearchPlan { Trials = 50 }, new FitContext { Cancellation = stop.Token }));
    }

    [Fact]
    public void Noise_is_not_sold_as_a_signal()
    {
        int claims = 0, better = 0;
        for (ulong seed = 0; seed < 6; seed++)
        {
            var table = Make(160, 100 + seed, noise: true);
            var found = Run(table, new SearchPlan { Trials = 12 }, new FitContext { Seed = seed }, folds: 3);
            if (found.Board.Blend.Lower > 0.5) claims++;
            if (found.Board.Recommendation.Contains("better")) better++;
        }
        Assert.True(claims <= 1, $"{claims} of 6 runs on noise claim an AUC above 0.5 beyond the interval");
        Assert.True(better <= 1, $"{better} of 6 runs on noise claim to be better than a linear model");
    }

    [Fact]
    public void Every_line_of_the_portfolio_is_a_candidate_and_kept_once()
    {
        foreach (bool classes in (bool[])[true, false])
        {
            var data = Read(Make(100, 11, classes: classes));
            var portfolio = Portfolio.For(data, 100);
            Assert.True(portfolio.Count >= 10);
            Assert.Equal(portfolio.Count, portfolio.Select(candidate => candidate.Key).Distinct().Count());
            Assert.All(portfolio, candidate => Assert.Empty(candidate.Entry.Check(candidate.Learner)));
        }
    }

    [Fact]
    public void Groups_stay_together_and_times_are_not_divided_again()
    {
        var raw = Make(120, 12);
        var grouped = new Table([.. raw.Columns, new NumberColumn("g", Array.ConvertAll([.. Enumerable.Range(0, 120)], i => (double)(i / 10)))]);
        var data = TrainingTable.Infer(grouped, new SchemaRequest { Target = "y", Group = "g" }, FitContext.Default, new DecisionLog(), []);
        var found = ModelSearch.Run(new SearchPlan { Trials = 3 }, data, [.. Enumerable.Range(0, 120)], 4, 0, FitContext.Default, new DecisionLog(), Cheap);
        Assert.Equal(120, found.OutOfFold.Rows.Length);
        var timed = TrainingTable.Infer(grouped, new SchemaRequest { Target = "y", Time = "g" }, FitContext.Default, new DecisionLog(), []);
        found = ModelSearch.Run(new SearchPlan { Trials = 9 }, timed, [.. Enumerable.Range(0, 120)], 4, 0, FitContext.Default, new DecisionLog(), Cheap);
        Assert.True(found.OutOfFold.Rows.Length < 120);
    }

    static double[] Predictions(SearchOutcome outcome, Table table) => outcome.Node.Predict(Read(table).Table);
}
