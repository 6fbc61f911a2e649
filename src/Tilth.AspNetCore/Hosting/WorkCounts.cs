namespace Tilth.AspNetCore.Hosting;

/// <summary>
/// What a package's calls took, and how many of them it could not answer. All counts are halved now and then, so that what
/// was long ago weighs little. Thread-safe.
/// </summary>
internal sealed class WorkCounts
{
    const int MostCalls = 2000;

    readonly Lock counting = new();
    WorkReport sums;

    /// <summary>A call that was answered; or as many, each a line of a stream.</summary>
    public void Count(int rows, TimeSpan elapsed, int calls = 1) => Add(new WorkReport(calls, 0, rows, elapsed));

    /// <summary>A call that the package could not answer, though it could be answered.</summary>
    public void CountError() => Add(new WorkReport(1, 1, 0, TimeSpan.Zero));

    public WorkReport Report()
    {
        lock (counting) return sums;
    }

    void Add(WorkReport call)
    {
        lock (counting)
        {
            sums = new WorkReport(sums.Calls + call.Calls, sums.Errors + call.Errors, sums.Rows + call.Rows, sums.Elapsed + call.Elapsed);
            if (sums.Calls > MostCalls) sums = new WorkReport(sums.Calls / 2, sums.Errors / 2, sums.Rows / 2, sums.Elapsed / 2);
        }
    }
}

/// <summary>Calls of late, those in error, rows answered, and the time that they took without waiting.</summary>
internal readonly record struct WorkReport(long Calls, long Errors, long Rows, TimeSpan Elapsed)
{
    public TimeSpan TimePerRow => Rows == 0 ? TimeSpan.Zero : Elapsed / Rows;
}
