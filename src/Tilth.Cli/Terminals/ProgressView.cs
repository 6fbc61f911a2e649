using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tilth.Fitting;

namespace Tilth.Cli.Terminals;

/// <summary>
/// Shows how far a fit has come on the standard error: one line that is rewritten on a terminal; in a pipe a line a
/// stage, and at most one a second.
/// </summary>
sealed class ProgressView : IProgress<FitProgress>, IDisposable
{
    const int RefreshMilliseconds = 120, LineMilliseconds = 1000;

    readonly Lock writing = new();
    readonly bool animated = !Console.IsErrorRedirected;
    readonly Stopwatch clock = Stopwatch.StartNew(), sinceDrawn = Stopwatch.StartNew();
    string stage = "";
    string? said;
    TimeSpan stageStart;
    int drawnWidth;

    public void Report(FitProgress progress)
    {
        lock (writing)
        {
            if (!animated)
            {
                Say(progress);
                return;
            }
            bool fresh = progress.Stage != stage;
            if (fresh) (stage, stageStart) = (progress.Stage, clock.Elapsed);
            if (!fresh && sinceDrawn.ElapsedMilliseconds < RefreshMilliseconds) return;
            sinceDrawn.Restart();
            Draw(Line(progress));
        }
    }

    public void Dispose()
    {
        lock (writing)
            if (animated && drawnWidth > 0) Draw("");
    }

    /// <summary>What a stage consists of ("fold 1 of 5: boosting") is no stage of its own.</summary>
    void Say(FitProgress progress)
    {
        if (said is not null && (progress.Stage == said || progress.Stage.StartsWith(said + ":", StringComparison.Ordinal) || sinceDrawn.ElapsedMilliseconds < LineMilliseconds)) return;
        sinceDrawn.Restart();
        // A score beside a count of rounds is that of the round, which says nothing at its first.
        Console.Error.WriteLine($"{said = progress.Stage}{(progress.Total == 0 ? ScoreOf(progress) : "")} ...");
    }

    static string ScoreOf(FitProgress progress)
        => progress.Score is { } score ? string.Create(CultureInfo.InvariantCulture, $"  {progress.Metric} {score:G5}") : "";

    string Line(FitProgress progress)
    {
        var line = progress.Detail.Length > 0 ? $"{progress.Stage}, {progress.Detail}" : progress.Stage;
        if (progress.Total > 0) line += string.Create(CultureInfo.InvariantCulture, $"  {Bar(progress)} {progress.Done:N0}/{progress.Total:N0}");
        line += ScoreOf(progress);
        if (TimeLeft(progress) is { } left) line += string.Create(CultureInfo.InvariantCulture, $"  at most {Math.Ceiling(left.TotalSeconds):N0} s left");
        return line;
    }

    static string Bar(FitProgress progress)
    {
        const int width = 20;
        int full = (int)(width * Math.Min(progress.Done, progress.Total) / progress.Total);
        return new string('█', full) + new string('░', width - full);
    }

    TimeSpan? TimeLeft(FitProgress progress)
    {
        var spent = clock.Elapsed - stageStart;
        if (progress.Total <= 0 || progress.Done <= 0 || spent.TotalSeconds < 1) return null;
        return spent * ((double)(progress.Total - progress.Done) / progress.Done);
    }

    void Draw(string line)
    {
        int width = Math.Max(20, AnsiConsole.Profile.Width - 1);
        if (line.Length > width) line = line[..width];
        Console.Error.Write("\r" + line.PadRight(drawnWidth) + (line.Length == 0 ? "\r" : ""));
        drawnWidth = line.Length;
    }
}
