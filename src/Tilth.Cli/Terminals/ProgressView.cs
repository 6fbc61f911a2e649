using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tilth.Fitting;

namespace Tilth.Cli.Terminals;

/// <summary>
/// Shows how far a fit has come on the standard error: one line that is rewritten on a terminal, one line a stage in a pipe.
/// </summary>
sealed class ProgressView : IProgress<FitProgress>, IDisposable
{
    const int RefreshMilliseconds = 120;

    readonly Lock writing = new();
    readonly bool animated = !Console.IsErrorRedirected;
    readonly Stopwatch clock = Stopwatch.StartNew(), sinceDrawn = Stopwatch.StartNew();
    string stage = "", said = "\0";
    TimeSpan stageStart;
    int drawnWidth;

    public void Report(FitProgress progress)
    {
        lock (writing)
        {
            bool fresh = progress.Stage != stage;
            if (fresh) (stage, stageStart) = (progress.Stage, clock.Elapsed);
            if (!animated)
            {
                if (fresh && !progress.Stage.StartsWith(said + ":", StringComparison.Ordinal)) Console.Error.WriteLine($"{said = progress.Stage} ...");
                return;
            }
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

    string Line(FitProgress progress)
    {
        var line = progress.Stage;
        if (progress.Total > 0) line += string.Create(CultureInfo.InvariantCulture, $"  {Bar(progress)} {progress.Done:N0}/{progress.Total:N0}");
        if (progress.Score is { } score) line += string.Create(CultureInfo.InvariantCulture, $"  {progress.Metric} {score:G5}");
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
