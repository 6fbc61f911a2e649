using System.Globalization;
using Tilth.Data;
using Tilth.Learners;
using Tilth.Search;

namespace Tilth.Bench.Quality;

/// <summary>What a quality run is asked to do.</summary>
sealed record QualityOptions(ISupervisedLearner Learner, IReadOnlyList<string> Only, int? Folds, bool CrossValidate, ulong Seed, int Threads, SearchPlan? Search, string? Logs)
{
    public static QualityOptions Parse(string[] args)
    {
        var entry = LearnerCatalog.Find(ValueOf(args, "--learner") ?? "gradient_boosting");
        var learner = entry.Default;
        for (int i = 0; i < args.Length - 1; i++)
        {
            if (args[i] != "--set") continue;
            string[] parts = args[i + 1].Split('=', 2);
            learner = entry.Parameters.First(parameter => parameter.Name == parts[0]).Parse(learner, parts[1]);
        }
        return new(learner, ValueOf(args, "--only")?.Split(',') ?? [], ValueOf(args, "--folds") is { } folds ? int.Parse(folds, CultureInfo.InvariantCulture) : null,
            args.Contains("--cv"), ulong.Parse(ValueOf(args, "--seed") ?? "0", CultureInfo.InvariantCulture),
            ThreadsOf(args), SearchOf(args), ValueOf(args, "--logs"));
    }

    static int ThreadsOf(string[] args) => ValueOf(args, "--threads") is { } threads ? int.Parse(threads, CultureInfo.InvariantCulture) : Environment.ProcessorCount;

    static SearchPlan? SearchOf(string[] args)
    {
        TimeSpan? time = ValueOf(args, "--time") is { } seconds ? TimeSpan.FromSeconds(double.Parse(seconds.TrimEnd('s'), CultureInfo.InvariantCulture)) : null;
        int? trials = ValueOf(args, "--trials") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null;
        return time is null && trials is null ? null : new SearchPlan { Time = time, Trials = trials, Clock = args.Contains("--processor-time") ? new ProcessorClock(ThreadsOf(args)) : TimeProvider.System };
    }

    public Training TrainingOf(DataSet set) => new()
    {
        Columns = new SchemaRequest { Target = set.Target, Positive = set.Positive }, Learner = Learner,
        Search = Logs is null ? Search : Search! with { Log = Path.Combine(Logs, set.Name + ".jsonl") },
        Folds = Folds ?? (CrossValidate && Search is null ? 5 : null), HoldoutShare = CrossValidate ? 0 : null,
    };

    static string? ValueOf(string[] args, string name) => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

/// <summary>Where the real data sets lie.</summary>
static class DataFolders
{
    /// <summary>TILTH_DATA, or a folder shared/data above the working folder or the program; or null.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("TILTH_DATA") is { Length: > 0 } set) return set;
        foreach (string start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (Path.Combine(folder.FullName, "shared", "data") is var data && Directory.Exists(data)) return data;
        return null;
    }
}
