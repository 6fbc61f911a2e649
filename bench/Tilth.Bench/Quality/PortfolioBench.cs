using System.Globalization;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Search;

namespace Tilth.Bench.Quality;

/// <summary>
/// Learns the order of the search's portfolio from the real sets' train files by the method of TabRepo (Salinas and Erickson
/// 2024): every candidate once on every set, out-of-fold predictions stored; then the sequence that lowers the blend's error most.
///
///     Tilth.Bench portfolio evaluate --store FOLDER [--rows 5000] [--folds 4] [--only SET,SET] [--threads N] [--try "learner name=value ..."]...
///     Tilth.Bench portfolio learn --store FOLDER [--length 16]
///
/// evaluate goes on where it stopped. learn prints the sequence for all sets, and what a sequence learned without a set is worth on
/// that set: the factor by which the blend's error is above that of the sequence chosen for it alone.
/// </summary>
static class PortfolioBench
{
    public static int Run(string[] args)
    {
        if (DataFolders.Find() is not { } data || ValueOf(args, "--store") is not { } store)
        {
            Console.Error.WriteLine("portfolio needs data sets (TILTH_DATA) and a --store folder");
            return 1;
        }
        if (args.FirstOrDefault() == "learn") return Learn(StoredTrials.All(store), int.Parse(ValueOf(args, "--length") ?? "16", CultureInfo.InvariantCulture));
        string[] only = ValueOf(args, "--only")?.Split(',') ?? [];
        int rows = int.Parse(ValueOf(args, "--rows") ?? "5000", CultureInfo.InvariantCulture), folds = int.Parse(ValueOf(args, "--folds") ?? "4", CultureInfo.InvariantCulture);
        string[] tried = [.. Enumerable.Range(0, args.Length - 1).Where(i => args[i] == "--try").Select(i => args[i + 1])];
        using var workers = new WorkerPool(int.Parse(ValueOf(args, "--threads") ?? "1", CultureInfo.InvariantCulture));
        foreach (var set in DataSet.All(data).Where(set => only.Length == 0 || only.Contains(set.Name)))
            Evaluate(set, new StoredTrials(store, set.Name), tried, rows, folds, new FitContext { Workers = workers });
        return 0;
    }

    static void Evaluate(DataSet set, StoredTrials stored, string[] tried, int mostRows, int folds, FitContext context)
    {
        var data = TrainingTable.Infer(TableReader.Read([set.Train], null, context.Workers, out _), new SchemaRequest { Target = set.Target, Positive = set.Positive }, context, new DecisionLog(), []);
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        if (rows.Length > mostRows) rows = [.. new RandomSource(0).Choose(rows.Length, mostRows).Order()];
        var search = new SearchData(data, rows, folds, null, 0);
        var runner = new TrialRun(search, new PreparedSets(search, 1L << 30), context);
        stored.Begin(search);
        var clock = new ProcessorClock(1);
        foreach (var candidate in tried.Length > 0 ? tried.Select(Parse) : Portfolio.For(data, rows.Length))
        {
            if (!candidate.Entry.Traits.Tasks.Contains(data.Target.Task) || (candidate.LogTarget && !LogTarget.Suits(data.Target)) || stored.Holds(candidate.Key)) continue;
            long begun = clock.GetTimestamp();
            var trial = runner.Run(1, candidate, 0, null, null);
            stored.Add(trial, clock.GetElapsedTime(begun).TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set.Name,-26}{search.ScoreOf(trial.Error),12:G6}{clock.GetElapsedTime(begun).TotalSeconds,8:F1}  {candidate.Key} {trial.Reason}"));
        }
    }

    /// <summary>A candidate as its key writes it.</summary>
    static Candidate Parse(string text)
    {
        const string Statistics = "target_statistics_above";
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var settings = words.Skip(1).Select(word => word.Split('=', 2)).Select(pair => (Name: pair[0], Value: pair[1])).ToList();
        int? above = settings.Where(setting => setting.Name == Statistics).Select(setting => (int?)int.Parse(setting.Value, CultureInfo.InvariantCulture)).FirstOrDefault();
        return Candidate.Parse(words[0], settings.Where(setting => setting.Name != Statistics), above);
    }

    static int Learn(IReadOnlyList<StoredTrials> sets, int length)
    {
        string[] all = [.. sets.SelectMany(set => set.Keys).Distinct().Order(StringComparer.Ordinal)];
        Console.WriteLine($"{sets.Count} sets, {all.Length} candidates; error: of the blend so far / of the first, geometric mean");
        var errors = new List<double>();
        foreach (var (key, error) in Sequence(sets, all, length, errors).Zip(errors))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{error,8:F4}  {key}"));
        double left = 0;
        foreach (var set in sets)
        {
            double Worth(IReadOnlyList<StoredTrials> from) => new BlendSoFar(set).Follow(Sequence(from, all, length, []));
            left += Elementary.Log(Worth([.. sets.Where(other => other != set)]) / Worth([set])) / sets.Count;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"learned without a set, on that set: {Elementary.Exp(left):F4} of the error of its own best sequence"));
        return 0;
    }

    /// <summary>Again and again the candidate that lowers the mean logarithm of the blends' errors most.</summary>
    static List<string> Sequence(IReadOnlyList<StoredTrials> sets, string[] all, int length, List<double> errors)
    {
        BlendSoFar[] blends = [.. sets.Select(set => new BlendSoFar(set))];
        var sequence = new List<string>();
        double first = 0;
        while (sequence.Count < length)
        {
            var means = new double[all.Length];
            Parallel.For(0, all.Length, k => means[k] = sequence.Contains(all[k]) ? double.PositiveInfinity : blends.Average(blend => Elementary.Log(blend.With(all[k]).Error)));
            int best = Array.IndexOf(means, means.Min());
            foreach (var blend in blends) blend.Add(all[best]);
            if (sequence.Count == 0) first = means[best];
            errors.Add(Elementary.Exp(means[best] - first));
            sequence.Add(all[best]);
        }
        return sequence;
    }

    static string? ValueOf(string[] args, string name) => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
