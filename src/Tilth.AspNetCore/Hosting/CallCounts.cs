namespace Tilth.AspNetCore.Hosting;

/// <summary>Calls of one model by status and duration, and rows. Thread-safe.</summary>
internal sealed class CallCounts
{
    static readonly int[] statuses = [200, 400, 408, 413, 415, 422, 429, 500, 503];

    static readonly double[] bounds = [0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    readonly long[] byStatus = new long[statuses.Length + 1], byDuration = new long[bounds.Length + 1];
    long rows, warned, ticks;

    /// <summary>Upper ends of the classes of durations, in seconds; the last class is open.</summary>
    public static ReadOnlySpan<double> Bounds => bounds;

    public long Rows => Interlocked.Read(ref rows);

    public long WarnedRows => Interlocked.Read(ref warned);

    public TimeSpan Duration => new(Interlocked.Read(ref ticks));

    public void Count(int status, TimeSpan elapsed)
    {
        int at = Array.IndexOf(statuses, status), slower = 0;
        Interlocked.Increment(ref byStatus[at < 0 ? statuses.Length : at]);
        while (slower < bounds.Length && elapsed.TotalSeconds > bounds[slower]) slower++;
        Interlocked.Increment(ref byDuration[slower]);
        Interlocked.Add(ref ticks, elapsed.Ticks);
    }

    public void CountRows(int count, int withWarnings)
    {
        Interlocked.Add(ref rows, count);
        if (withWarnings > 0) Interlocked.Add(ref warned, withWarnings);
    }

    /// <summary>Calls by status; 0 stands for any other.</summary>
    public IEnumerable<(int Status, long Calls)> ByStatus()
    {
        for (int i = 0; i < byStatus.Length; i++)
            if (Interlocked.Read(ref byStatus[i]) is > 0 and var calls) yield return (i < statuses.Length ? statuses[i] : 0, calls);
    }

    /// <summary>Calls in each class of durations.</summary>
    public long[] ByDuration() => [.. byDuration.Select((_, i) => Interlocked.Read(ref byDuration[i]))];
}
