using Tilth.Packaging;
using Tilth.Search;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>A run or a package that a verb is given: the folder of a search, a .tilth file, or both where they belong together.</summary>
/// <param name="Path">As it was given.</param>
/// <param name="Log">What the run's records say; null without its folder.</param>
/// <param name="Result">How it ended; null if it did not, or without its folder.</param>
/// <param name="Package">The package; null for a run's folder alone.</param>
sealed record RunFolder(string Path, LogContent? Log, RunResult? Result, ModelPackage? Package)
{
    /// <summary>Opens what lies there.</summary>
    /// <exception cref="SourceException">There is neither a run nor a package.</exception>
    public static RunFolder Open(string path)
    {
        if (IsRun(path)) return new(path, LogContent.Read(path), RunResult.Read(path), null);
        if (Directory.Exists(path)) throw new SourceException("run-missing", $"the folder '{path}' is no run: it has no '{TrialLog.Records}'");
        if (!File.Exists(path)) throw new SourceException("run-missing", $"there is no run or package '{path}'; `tilth runs` lists the runs of a folder");
        var package = ModelPackage.Open(path);
        // The run that made the package stands beside it, unless it has moved or run again.
        string beside = System.IO.Path.ChangeExtension(path, ".run");
        return IsRun(beside) && RunResult.Read(beside) is { } result && result.Package == package.Version ? new(path, LogContent.Read(beside), result, package) : new(path, null, null, package);
    }

    /// <summary>Every run in a folder and those below it, by name.</summary>
    public static IReadOnlyList<string> All(string folder)
        => [.. Directory.EnumerateFiles(folder, TrialLog.Records, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }).Select(file => System.IO.Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal)];

    /// <summary>The score that the run or package carries.</summary>
    public Evaluation.Evaluation? Evaluation => Result?.Evaluation ?? (Package is null ? null : PackagedEvaluation.Of(Package));

    /// <summary>The leaderboard with the times that the log knows; null if there is none.</summary>
    public Leaderboard? Board
    {
        get
        {
            var board = Result?.Board ?? (Package?.Documents.TryGetValue(LeaderboardJson.Name, out var json) == true ? LeaderboardJson.Read(json.Span) : null);
            if (board is null || Log is null) return board;
            return board with
            {
                Rows = [.. board.Rows.Select(row => row with { FitSeconds = Log.Trials.Where(trial => trial.Status == TrialStatus.Done && trial.Candidate.Key == row.Model).Sum(trial => trial.Seconds) })],
                Others = [.. Log.Trials.Where(trial => trial.Status != TrialStatus.Done).Select(trial => (trial.Candidate.Key, trial.Reason))],
            };
        }
    }

    /// <summary>How the run ended, in words.</summary>
    public string State => Log?.Ended ?? (Log is null ? "" : "did not end; train with --resume goes on");

    static bool IsRun(string path) => File.Exists(System.IO.Path.Combine(path, TrialLog.Records));
}
