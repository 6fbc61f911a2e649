namespace Tilth.Cli.Terminals;

/// <summary>Ctrl-C once asks for the best so far, twice leaves at once; a time budget is the same as the first.</summary>
sealed class StopSignal : IDisposable
{
    const int PatienceMilliseconds = 2000;

    readonly CancellationTokenSource finish = new(), cancel = new();
    readonly Timer leave = new(_ => Environment.Exit(ExitCode.Stopped));
    static int listeners;
    int presses;
    volatile string? farewell;

    public StopSignal(TimeSpan? budget = null)
    {
        Interlocked.Increment(ref listeners);
        Console.CancelKeyPress += OnPress;
        if (budget is { } time) finish.CancelAfter(time);
    }

    /// <summary>End soon with what there is.</summary>
    public CancellationToken FinishEarly => finish.Token;

    /// <summary>Leave and keep nothing.</summary>
    public CancellationToken Cancellation => cancel.Token;

    /// <summary>All is done and saved: from here on Ctrl-C only says so and ends the process.</summary>
    public void LeaveWith(string words) => farewell = words;

    /// <summary>Ctrl-C was pressed.</summary>
    public bool Pressed => Volatile.Read(ref presses) > 0;

    /// <summary>Ctrl-C ends the process with a sentence while a verb has no signal of its own, as those that have nothing to keep.</summary>
    public static void LeaveWhenNobodyListens() => Console.CancelKeyPress += (_, _) =>
    {
        if (Volatile.Read(ref listeners) > 0) return;
        Console.Error.WriteLine("tilth: stopped; nothing was written");
        Environment.Exit(ExitCode.Stopped);
    };

    void OnPress(object? sender, ConsoleCancelEventArgs args)
    {
        args.Cancel = true;
        if (farewell is { } words)
        {
            Console.Error.WriteLine(Environment.NewLine + words);
            Environment.Exit(ExitCode.Ok);
        }
        if (Interlocked.Increment(ref presses) == 1)
        {
            Console.Error.WriteLine("stopping: what is done so far will be kept; Ctrl-C again leaves at once");
            finish.Cancel();
            return;
        }
        // What does not look at its token in time, such as the reading of a large file, is left as it is.
        if (Volatile.Read(ref presses) == 2) Console.Error.WriteLine("stopped; nothing more is written");
        leave.Change(PatienceMilliseconds, Timeout.Infinite);
        cancel.Cancel();
    }

    public void Dispose()
    {
        Console.CancelKeyPress -= OnPress;
        Interlocked.Decrement(ref listeners);
        leave.Dispose();
        finish.Dispose();
        cancel.Dispose();
    }
}
