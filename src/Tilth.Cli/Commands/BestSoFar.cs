using System.Globalization;
using Tilth.Cli.Terminals;

namespace Tilth.Cli.Commands;

/// <summary>
/// The best whole result of a search so far, kept so that the process can end with it at any moment: when the time is up and the
/// end is not finished, or within a second of Ctrl-C. What keeps the training from ending (a long step of
/// the preparation, a busy machine) does not keep the process.
/// </summary>
sealed class BestSoFar : IDisposable
{
    /// <summary>What leaving takes, at least and as a share of the time.</summary>
    const double LeastLeaving = 0.25, LeavingShare = 0.005;

    const int SecondPatienceMilliseconds = 700, LookAgainMilliseconds = 500;

    readonly string path;
    readonly Terminal terminal;
    readonly Timer clock;
    readonly CancellationTokenRegistration pressed;
    readonly Lock leaving = new();
    TrainingResult? best;
    bool saved, shown;

    /// <param name="path">Where the package goes.</param>
    /// <param name="stop">Ctrl-C.</param>
    /// <param name="left">Time until the process must have ended, or null.</param>
    /// <param name="terminal">Where it is told.</param>
    public BestSoFar(string path, StopSignal stop, TimeSpan? left, Terminal terminal)
    {
        (this.path, this.terminal) = (path, terminal);
        clock = new Timer(_ => Leave(ExitCode.Ok, "the time was up before the end was done"));
        if (left is { } time) clock.Change(time - TimeSpan.FromSeconds(Math.Min(Math.Max(LeastLeaving, LeavingShare * time.TotalSeconds), 0.5 * time.TotalSeconds)), TimeSpan.FromMilliseconds(LookAgainMilliseconds));
        pressed = stop.FinishEarly.Register(() => new Thread(() =>
        {
            Thread.Sleep(SecondPatienceMilliseconds);
            Leave(ExitCode.Stopped, "stopped");
        }) { IsBackground = true }.Start());
    }

    /// <summary>A better one.</summary>
    public void Keep(TrainingResult result)
    {
        _ = result.Package.ContentHash;
        lock (leaving) best = result;
    }

    /// <summary>Saves the result of the whole search and shows it; if the time ends meanwhile, the rest is not shown.</summary>
    public void Finish(TrainingResult result, Action show)
    {
        lock (leaving)
        {
            PackageFile.Save(result.Package, path);
            (best, saved) = (result, true);
        }
        show();
        lock (leaving)
        {
            shown = true;
            terminal.Result(() => TrainingView.ToJson(result, path));
        }
    }

    /// <summary>Ends the process with the best so far; if there is none and nobody pressed Ctrl-C, the clock asks again.</summary>
    public void Leave(int code, string why)
    {
        lock (leaving)
        {
            if (shown || (best is null && code != ExitCode.Stopped)) return;
            if (!Console.IsErrorRedirected) Console.Error.WriteLine();
            Environment.Exit(CommandHost.Guard(json: false, () => best is null ? LeaveWithNothing() : Save(best, why, code)));
        }
    }

    static int LeaveWithNothing()
    {
        Console.Error.WriteLine("tilth: stopped before there was a model; nothing is written");
        return ExitCode.Stopped;
    }

    int Save(TrainingResult result, string why, int code)
    {
        if (!saved)
        {
            PackageFile.Save(result.Package, path);
            result.EndRun?.Invoke(why);
        }
        string models = result.Leaderboard is { } board ? board.Rows.Count == 1 ? "the first model" : string.Create(CultureInfo.InvariantCulture, $"the best of the first {board.Rows.Count} models") : "a constant guess, as no model was finished; give more time";
        terminal.Say($"{why}: {path} holds {(saved ? "the result" : models)}; `tilth report {path}` shows all of it");
        if (!saved) terminal.Say(EvaluationView.Headline(result.Evaluation));
        terminal.Result(() => TrainingView.ToJson(result, path));
        return code;
    }

    public void Dispose()
    {
        pressed.Dispose();
        clock.Dispose();
    }
}
