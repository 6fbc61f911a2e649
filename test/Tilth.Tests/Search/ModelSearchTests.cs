using System.Diagnostics;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Honesty;
using Tilth.Models.Heads;
using Tilth.Parallelism;
using Tilth.Search;
using Tilth.Walk;
using static Tilth.Tests.Search.SearchTables;

namespace Tilth.Tests.Search;

public sealed class ModelSearchTests : IDisposable
{
    readonly string log = Directory.CreateTempSubdirectory("tilth-search-").FullName;

    string Records => Path.Combine(log, "trials.log");

    public void Dispose() => Directory.Delete(log, recursive: true);

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
        Assert.StartsWith("linear", found.Board!.Simplest);
        Assert.Contains("better", found.Board!.Recommendation);
        Assert.Equal(1, found.Board!.Rows.Sum(row => row.Weight), 9);
        bool ordered = found.Board!.Rows.Zip(found.Board!.Rows.Skip(1)).All(pair => classes ? pair.First.Score.Value >= pair.Second.Score.Value : pair.First.Score.Value <= pair.Second.Score.Value);
        Assert.True(ordered);
    }

    [Fact]
    public void A_learner_that_breaks_is_a_row_in_the_log_and_not_the_end()
    {
        var found = Run(Make(150, 3), new SearchPlan { Trials = 3, Log = log }, portfolio: [Of(new BrokenLearner(), "linear"), Cheap[1], Cheap[2]]);
        Assert.Equal(2, found.Board!.Rows.Count);
        Assert.Contains(found.Board!.Others, other => other.Why == "this learner is broken");
        Assert.Contains("\"status\":\"failed\"", File.ReadAllText(Records));
    }

    [Fact]
    public void If_every_trial_breaks_it_says_why()
        => Assert.Contains("this learner is broken", Assert.Throws<LearningException>(() => Run(Make(60, 3), new SearchPlan { Trials = 2 }, portfolio: [Of(new BrokenLearner(), "linear")])).Message);

    [Fact]
    public void A_run_that_was_killed_goes_on_to_the_same_result_without_fitting_again()
    {
        var table = Make(200, 4);
        var asked = new SearchPlan { Trials = 8, Log = log };
        var through = Run(table, asked);
        string[] lines = File.ReadAllLines(Records);
        // Killed in the middle of writing the record of the sixth trial, whose models are written, and with the file of the second torn.
        File.WriteAllText(Records, string.Join('\n', lines.Take(6)) + "\n" + lines[6][..20]);
        string torn = Path.Combine(log, "trial-0002.bin");
        File.WriteAllBytes(torn, File.ReadAllBytes(torn)[..^100]);
        File.WriteAllText(torn + ".77.tmp", "half of a file");
        var fitted = new Stages();
        var resumed = Run(table, asked with { LogUse = LogUse.Resume }, new FitContext { Progress = fitted });
        Assert.Equal(Predictions(through, table), Predictions(resumed, table));
        Assert.Equal(through.OutOfFold.Predictions, resumed.OutOfFold.Predictions);
        Assert.Equal(lines.Length, File.ReadAllLines(Records).Length);
        Assert.DoesNotContain(fitted.Said, stage => stage.Contains("trial 1:") || stage.Contains("trial 3:"));
        Assert.Empty(Directory.GetFiles(log, "*.tmp"));
    }

    sealed class Stages : IProgress<FitProgress>
    {
        public List<string> Said { get; } = [];

        public void Report(FitProgress value)
        {
            lock (Said) Said.Add(value.Stage);
        }
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

    /// <summary>What reads the target is prepared by the first trial that needs it; a replay does not do those that were dropped.</summary>
    [Fact]
    public void A_replay_prepares_alike_where_the_first_to_prepare_was_dropped()
    {
        var table = Make(400, 18, classes: false);
        Candidate[] portfolio = [Cheap[2], Candidate.Parse("gradient_boosting", [("n_estimators", "1"), ("early_stopping_rounds", "0"), ("learning_rate", "0.001"), ("arithmetic", "5")], null), Candidate.Parse("gradient_boosting", [("n_estimators", "25"), ("early_stopping_rounds", "0"), ("arithmetic", "5")], null)];
        var found = Run(table, new SearchPlan { Trials = 3, Log = log }, portfolio: portfolio);
        Assert.Contains("clearly worse", found.Board!.Others.Single().Why);
        Assert.Equal(Predictions(found, table), Predictions(Run(table, new SearchPlan { Log = log, LogUse = LogUse.Replay }, portfolio: portfolio), table));
    }

    [Fact]
    public void A_log_of_another_run_is_refused()
    {
        var asked = new SearchPlan { Trials = 1, Log = log };
        Run(Make(100, 6), asked);
        Assert.Contains("other values", Assert.Throws<LearningException>(() => Run(Make(100, 7), asked with { LogUse = LogUse.Resume })).Message);
        Assert.Contains("did not end; it has 1 trials", Assert.Throws<LearningException>(() => Run(Make(100, 6), asked)).Message);
        File.AppendAllText(Records, "00000000 {}\n");
        Run(Make(100, 6), asked with { LogUse = LogUse.Resume });
        string[] lines = File.ReadAllLines(Records);
        File.WriteAllLines(Records, [lines[0], lines[1].Replace("\"repeat\":0", "\"repeat\":1"), lines[1]]);
        Assert.Contains("record 2", Assert.Throws<LearningException>(() => Run(Make(100, 6), asked with { LogUse = LogUse.Replay })).Message);
    }

    [Fact]
    public void A_run_that_ended_makes_room_for_the_next_and_excluded_learners_are_not_tried()
    {
        var table = Make(100, 6);
        Training training = Training.For("y") with { Search = new SearchPlan { Trials = 1, Log = log, Exclude = ["linear"] }, Folds = 2 };
        var first = training.Run(table);
        Assert.DoesNotContain(first.Leaderboard!.Rows, row => row.Model.StartsWith("linear", StringComparison.Ordinal));
        Assert.Equal(first.Package.ToBytes(), training.Run(table).Package.ToBytes());
        Assert.Contains("every learner", Assert.Throws<LearningException>(() => Run(table, new SearchPlan { Trials = 1, Exclude = [.. Cheap.Select(candidate => candidate.Entry.Name)] })).Message);
        Assert.Contains("linaer", Assert.Throws<LearningException>(() => Run(table, new SearchPlan { Trials = 1, Exclude = ["linaer"] })).Message);
    }

    [Fact]
    public void A_first_model_that_takes_most_of_the_time_is_told_after_its_first_folds()
    {
        var told = new List<TrainingResult>();
        var plan = new SearchPlan { Time = TimeSpan.FromSeconds(4), Portfolio = [Of(new SlowLearner(600), "linear")] };
        var last = (Training.For("y") with { Search = plan, Folds = 4, Improved = told.Add }).Run(Make(200, 6));
        Assert.Null(told[0].Leaderboard);
        Assert.Equal(50, told[1].Scored!.Rows.Length);
        Assert.Equal(200, last.Scored!.Rows.Length);
    }

    [Fact]
    public void Long_texts_with_many_classes_leave_time_for_fewer_folds()
    {
        static int Folds(int words)
        {
            string text = string.Join(' ', Enumerable.Range(0, words).Select(word => $"word{word}"));
            var data = Read(new Table([TextColumn.From("text", Enumerable.Range(0, 400).Select(row => $"{row} {text}")), new CategoryColumn("y", Enumerable.Range(0, 400).Select(row => row % 20).ToArray(), new LevelSet([.. Enumerable.Range(0, 20).Select(level => $"class {level}")]))]));
            return FoldChoice.For(data, [.. Enumerable.Range(0, 400)], null, TimeSpan.FromSeconds(20));
        }
        Assert.True(Folds(1000) < Folds(5), $"{Folds(1000)} folds of long texts, {Folds(5)} of short ones");
    }

    [Fact]
    public void A_folder_that_takes_no_more_costs_nothing_that_was_learned()
    {
        var table = Make(150, 6);
        Training training = Training.For("y") with { Search = new SearchPlan { Trials = 3 }, Folds = 2 };
        // A folder of that name is in the way of the second trial's file, as a full disk would be.
        Directory.CreateDirectory(Path.Combine(log, "trial-0002.bin"));
        var found = (training with { Search = new SearchPlan { Trials = 3, Log = log } }).Run(table);
        Assert.Equal(training.Run(table).Package.ToBytes(), found.Package.ToBytes());
        Assert.Contains("took no more", Assert.Single(found.Warnings, warning => warning.Code == "run-folder").Message);
        Assert.Single(File.ReadAllLines(Records), line => line.Contains("\"kind\":\"trial\""));
        Assert.Empty(Directory.GetFiles(log, "*.tmp"));
    }

    [Fact]
    public void Two_threads_may_end_a_run_at_the_same_time()
    {
        void End(TrainingResult result) => Parallel.For(0, 8, _ => result.EndRun!("stopped"));
        (Training.For("y") with { Search = new SearchPlan { Trials = 2, Log = log }, Folds = 2, Improved = result => End(result) }).Run(Make(150, 6));
        Assert.Single(File.ReadAllLines(Records), line => line.Contains("\"kind\":\"end\""));
    }

    [Fact]
    public void Every_result_on_the_way_is_whole_and_a_run_that_ended_at_one_is_replayed_to_the_byte()
    {
        var table = Make(200, 13);
        var told = new List<TrainingResult>();
        Training training = Training.For("y") with { Search = new SearchPlan { Trials = 4, Log = log }, Folds = 2, Improved = told.Add };
        var last = training.Run(table, new FitContext { Seed = 3 });
        Assert.True(told.Count >= 2, $"{told.Count} results on the way");
        Assert.Null(told[0].Leaderboard);
        Assert.NotEqual(VerdictMark.Signal, told[0].Findings.Verdict!.Mark);
        Assert.Single(told[0].Package.Node.Predict(Read(table).Table).Distinct());
        foreach (var result in told) Tilth.Packaging.ModelPackage.Open(new MemoryStream(result.Package.ToBytes())).Verify();

        var replay = training with { Search = new SearchPlan { Log = log, LogUse = LogUse.Replay }, Improved = null };
        Assert.Equal(last.Package.ToBytes(), replay.Run(table, new FitContext { Seed = 3 }).Package.ToBytes());
        // As if the process had left in the middle of the end.
        File.WriteAllLines(Records, File.ReadAllLines(Records)[..^1]);
        int first = LogContent.Read(log).Trials.First(trial => trial.Status == TrialStatus.Done).Number;
        using (var open = TrialLog.Open(log, LogUse.Resume)) open.End("the time was up", new SearchOutcome(last.Package.Node, null!, null, first, []), _ => { });
        Assert.Equal(told[1].Package.ToBytes(), replay.Run(table, new FitContext { Seed = 3 }).Package.ToBytes());
    }

    [Fact]
    public void Members_learn_once_more_from_all_rows_where_that_is_asked_and_a_replay_does_it_too()
    {
        var table = Make(200, 14);
        Training training = Training.For("y") with { Search = new SearchPlan { Trials = 3, Log = log, Refit = true }, Folds = 3 };
        var found = training.Run(table);
        Assert.Equal(found.Leaderboard!.Rows.Count(row => row.Weight > 0), found.Package.Node.Pipelines.Count());
        Assert.Equal(found.Package.ToBytes(), (training with { Search = new SearchPlan { Log = log, LogUse = LogUse.Replay } }).Run(table).Package.ToBytes());
    }

    [Fact]
    public void Limits_of_serving_are_obeyed_or_refused()
    {
        var table = Make(200, 15);
        var free = Run(table, new SearchPlan { Trials = 4 });
        long largest = free.Board!.Rows.Max(row => row.Bytes);
        var small = Run(table, new SearchPlan { Trials = 4, MaxBytes = largest - 1, Log = log });
        Assert.InRange(small.Board!.Rows.Where(row => row.Weight > 0).Sum(row => row.Bytes), 1, largest - 1);
        Assert.True(small.Board.Rows.Count < free.Board.Rows.Count);
        using (var open = TrialLog.Open(log, LogUse.Resume)) open.End("done", small, _ => { });
        Assert.Equal(Predictions(small, table), Predictions(Run(table, new SearchPlan { Log = log, LogUse = LogUse.Replay }), table));
        Assert.Equal(free.OutOfFold.Predictions, Run(table, new SearchPlan { Trials = 4, MaxLatency = TimeSpan.FromSeconds(10) }).OutOfFold.Predictions);
        Assert.Contains("no model holds the limits of 10 bytes", Assert.Throws<LearningException>(() => Run(table, new SearchPlan { Trials = 2, MaxBytes = 10 })).Message);
        Assert.Contains("0 microseconds a row", Assert.Throws<LearningException>(() => Run(table, new SearchPlan { Trials = 2, MaxLatency = TimeSpan.FromTicks(1) })).Message);
    }

    /// <summary>Without a second division nothing says how much the scored rows teach, and intervals come out too narrow.</summary>
    [Fact]
    public void The_best_is_repeated_on_a_second_division_even_where_the_portfolio_would_take_all_trials()
    {
        Candidate[] portfolio = [.. Enumerable.Range(1, 20).Select(k => Candidate.Parse("k_nearest_neighbors", [("n_neighbors", $"{k}")], null))];
        Assert.Empty(Run(Make(300, 18), new SearchPlan { Trials = 8 }, portfolio: portfolio).OutOfFold.Divisions.Predictions);
        var found = Run(Make(300, 18), new SearchPlan { Trials = 12 }, portfolio: portfolio);
        var divisions = found.OutOfFold.Divisions;
        Assert.Equal(2, divisions.Predictions.Count);
        Assert.NotEqual(divisions.Predictions[0], divisions.Predictions[1]);
        Assert.InRange(divisions.MeanOf, 1, 2);
        Assert.Equal(1, found.Board!.Rows.Count(row => row.Models > found.Board.Rows.Min(other => other.Models)));
        var data = Read(Make(300, 18));
        var scored = ScoredRows.OutOfFold(data, found.OutOfFold);
        Interval HeadlineOf(ScoredRows rows) => rows.Evaluate(found.OutOfFold.Baseline, Head.For(data.Target.Schema).Rule, FitContext.Default).HeadlineScore().Score;
        var (wide, narrow) = (HeadlineOf(scored), HeadlineOf(scored with { Divisions = Divisions.None }));
        Assert.True(wide.Upper - wide.Lower > 1.02 * (narrow.Upper - narrow.Lower));
    }

    [Fact]
    public void What_does_not_fit_into_the_memory_is_not_begun()
    {
        var found = Run(Make(200, 16), new SearchPlan { Trials = 4 }, new FitContext { MemoryLimit = 1 });
        Assert.Single(found.Board!.Rows);
        Assert.All(found.Board.Others, other => Assert.Contains("the memory", other.Why));
    }

    [Fact]
    public void What_does_not_fit_into_the_memory_is_made_smaller_where_it_can_be()
    {
        var data = Read(Make(400, 16));
        var search = new SearchData(data, [.. Enumerable.Range(0, 400)], 4, null, 0);
        foreach (string learner in (string[])["extra_trees", "random_forest", "kernel_ridge"])
        {
            var candidate = Candidate.Parse(learner, learner == "kernel_ridge" ? [("n_components", "800")] : [("n_estimators", "3000")], null);
            long bytes = MemoryCost.Bytes(candidate, search);
            Assert.Same(candidate, MemoryCost.Fitting(candidate, search, bytes));
            var smaller = MemoryCost.Fitting(candidate, search, bytes / 10)!;
            Assert.InRange(MemoryCost.Bytes(smaller, search), bytes / 100, bytes / 10);
            Assert.Equal(smaller, Candidate.Parse(learner, smaller.Settings, null));
            Assert.Null(MemoryCost.Fitting(candidate, search, -1));
        }
        Assert.Null(MemoryCost.Fitting(Cheap[3], search, 1));
    }

    [Fact]
    public void The_time_that_is_chosen_grows_with_the_table()
    {
        Assert.Equal(10, SearchPlan.TimeFor(500, 10).TotalSeconds);
        Assert.Equal(49, SearchPlan.TimeFor(32_000, 15).TotalSeconds);
        Assert.Equal(300, SearchPlan.TimeFor(10_000_000, 30).TotalSeconds);
    }

    [Fact]
    public void The_time_is_a_limit_also_for_a_slow_learner()
    {
        var clock = Stopwatch.StartNew();
        var found = Run(Make(120, 8), new SearchPlan { Time = TimeSpan.FromSeconds(2) }, portfolio: [Cheap[0], Of(new SlowLearner(60_000), "slow")]);
        Assert.True(clock.Elapsed.TotalSeconds < 4, $"{clock.Elapsed}");
        Assert.Contains(found.Board!.Others, other => other.Model == "slow" && other.Why.Contains("time"));
    }

    [Fact]
    public void A_network_that_the_time_cuts_keeps_its_passes_and_comes_again_without_a_clock()
    {
        var table = Make(600, 17);
        Candidate[] portfolio = [Cheap[0], Candidate.Parse("neural_network", [("max_epochs", "9000"), ("patience", "1000"), ("hidden_units", "32"), ("n_members", "2")], null)];
        SearchOutcome found = null!;
        // On a busy machine the first fold may leave no time for the others.
        foreach (int seconds in (int[])[8, 24, 72])
        {
            foreach (string old in Directory.GetFiles(log)) File.Delete(old);
            found = Run(table, new SearchPlan { Time = TimeSpan.FromSeconds(seconds), Trials = 2, Log = log }, portfolio: portfolio);
            if (found.Board!.Others.Count == 0) break;
        }
        Assert.Empty(found.Board!.Others);
        string network = found.Board.Rows.Single(row => row.Title == "Neural network").Model;
        Assert.Contains("max_epochs=", network);
        Assert.DoesNotContain("max_epochs=9000", network);
        Assert.Equal(4, found.Board.Rows.Single(row => row.Title == "Neural network").Models);
        var again = Run(table, new SearchPlan { Log = log, LogUse = LogUse.Replay }, portfolio: portfolio);
        Assert.Equal(found.OutOfFold.Predictions, again.OutOfFold.Predictions);
        Assert.Equal(Predictions(found, table), Predictions(again, table));
        // What was shortened is not proposed once more.
        Assert.Equal(3, Run(table, new SearchPlan { Trials = 3, Log = log, LogUse = LogUse.Resume }, portfolio: portfolio).Trials);
        Assert.Single(File.ReadAllLines(Records), line => line.Contains("neural_network") && line.Contains("\"repeat\":0") && line.Contains("\"hidden_units\":\"32\"") && line.Contains("\"n_members\":\"2\"") && line.Contains("\"patience\":\"1000\"") && !line.Contains("rate"));
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
        Assert.Single(found.Board!.Rows);
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
            if (found.Board!.Blend.Lower > 0.5) claims++;
            if (found.Board!.Recommendation.Contains("better")) better++;
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
    public void Where_boosting_takes_most_of_the_time_a_few_steps_of_it_come_first()
    {
        var data = Read(Make(100, 13));
        Assert.Contains("n_estimators=20", Portfolio.For(data, 50_000, 3, coreSeconds: 1)[0].Key);
        Assert.DoesNotContain("n_estimators=20", Portfolio.For(data, 50_000, 3, coreSeconds: 600)[0].Key);
        Assert.DoesNotContain("n_estimators=20", Portfolio.For(data, 50_000, 3)[0].Key);
    }

    [Fact]
    public void Groups_stay_together_and_times_are_not_divided_again()
    {
        var raw = Make(120, 12);
        using var none = TrialLog.Open(null, LogUse.Begin);
        var grouped = new Table([.. raw.Columns, new NumberColumn("g", Array.ConvertAll([.. Enumerable.Range(0, 120)], i => (double)(i / 10)))]);
        var data = TrainingTable.Infer(grouped, new SchemaRequest { Target = "y", Group = "g" }, FitContext.Default, new DecisionLog(), []);
        var found = ModelSearch.Run(new SearchPlan { Trials = 3 }, none, data, [.. Enumerable.Range(0, 120)], 4, 0, FitContext.Default, null, Cheap);
        Assert.Equal(120, found.OutOfFold.Rows.Length);
        var timed = TrainingTable.Infer(grouped, new SchemaRequest { Target = "y", Time = "g" }, FitContext.Default, new DecisionLog(), []);
        found = ModelSearch.Run(new SearchPlan { Trials = 9 }, none, timed, [.. Enumerable.Range(0, 120)], 4, 0, FitContext.Default, null, Cheap);
        Assert.True(found.OutOfFold.Rows.Length < 120);
    }

    static double[] Predictions(SearchOutcome outcome, Table table) => outcome.Node.Predict(Read(table).Table);
}
