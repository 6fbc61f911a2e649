using System.Diagnostics;
using System.Globalization;
using Tilth.Data.Sources;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Metrics;
using Tilth.Parallelism;

namespace Tilth.Bench.Quality;

/// <summary>
/// One line a real set: our score with its interval, the peers' scores on the same test rows, how we rank among them, seconds,
/// models tried (as the leaderboard lists them) and peak memory; then the totals (<see cref="QualityTotals"/>).
///
///     Tilth.Bench quality [--time 60s [--processor-time] | --trials N | --learner NAME [--set name=value]...] [--cv] [--only SET,SET] [--folds N] [--seed N] [--threads N] [--logs FOLDER]
///
/// --time and --trials search for the best blend; --learner fits one learner. Learns from the train file only, as a user would,
/// and reads the test file once, for the score.
/// --processor-time counts the search's seconds by a <see cref="ProcessorClock"/>.
/// --cv stops before the test file: it prints the out-of-fold score of the train file, by which settings are to be chosen, and what
/// AutoGluon scored in public on the same data (<see cref="Published"/>).
/// </summary>
static class QualityBench
{
    public static int Run(string[] args)
    {
        if (DataFolders.Find() is not { } data)
        {
            Console.Error.WriteLine("no data sets: set TILTH_DATA to their folder");
            return 1;
        }
        var options = QualityOptions.Parse(args);
        var peers = new Peers(Path.Combine(data, "..", "reference"));
        var totals = new QualityTotals();
        using var workers = new WorkerPool(options.Threads);
        Console.WriteLine($"{"set",-26}{"metric",-9}{"ours",10}{"95 % interval",22}{"sec",7}{"models",8}{"MB",7}" + (options.CrossValidate ? "" : $"{"rank",6}  {string.Join("", Peers.Names.Select(peer => $"{Short(peer),10}"))}   error minus best peer's (95 %)"));
        foreach (var set in DataSet.All(data).Where(set => options.Only.Count == 0 || options.Only.Contains(set.Name)))
        {
            PeakMemory.Forget();
            var clock = options.Search?.Clock ?? TimeProvider.System;
            long begun = clock.GetTimestamp();
            var train = TableReader.Read([set.Train], null, workers, out _);
            var result = options.TrainingOf(set).Run(train, new FitContext { Workers = workers, Seed = options.Seed });
            double seconds = clock.GetElapsedTime(begun).TotalSeconds;
            int models = result.Leaderboard is { } board ? board.Rows.Count + board.Others.Count : 1;
            string cost = string.Create(CultureInfo.InvariantCulture, $"{seconds,7:F1}{models,8}{PeakMemory.Megabytes(),7}");
            if (options.CrossValidate)
            {
                var headline = result.Evaluation.HeadlineScore();
                Console.WriteLine(Score(set.Name, headline.Name, headline.Score) + cost + Published.Beside(set.Name, headline.Score.Value, MetricCatalog.Find(headline.Name).HigherIsBetter));
                continue;
            }
            var test = TestScore.Of(set, result, peers, workers);
            totals.Add(test);
            Console.WriteLine(Score(set.Name, test.Metric.Name, test.Ours) + cost + $"{test.Rank(TestScore.Us),6}  "
                + string.Join("", Peers.Names.Select(peer => string.Create(CultureInfo.InvariantCulture, $"{test.ScoreOf(peer),10:G5}"))) + $"   {test.FromBestPeer}");
        }
        if (!options.CrossValidate) totals.Print();
        return 0;
    }

    static string Score(string set, string metric, Interval score)
        => string.Create(CultureInfo.InvariantCulture, $"{set,-26}{metric,-9}{score.Value,10:G5}{$"{score.Lower:G4} to {score.Upper:G4}",22}");

    static string Short(string peer) => peer.Replace("sklearn_", "").Replace("gradient_boosting", "gb") is var name && name.Length > 9 ? name[..9] : name;
}

/// <summary>The largest resident memory since it was last forgotten.</summary>
static class PeakMemory
{
    /// <summary>Counts from now on, where Linux lets us.</summary>
    public static void Forget()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try { File.WriteAllText("/proc/self/clear_refs", "5"); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
    }

    public static long Megabytes()
    {
        string? line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        if (line is null) return Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 10;
    }
}
