using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.Monitoring;

/// <summary>
/// Counts the rows that a package predicts in the bins of its data profile, so that live data can be compared with training
/// at any moment without keeping a row: all rows, or those of the last windows. Constant memory. Each thread counts in a
/// <see cref="SketchCounter"/> of its own; the report sums them up.
/// </summary>
public sealed class LiveSketch
{
    /// <summary>Ended windows that a report can go back.</summary>
    public const int MostWindows = 24;

    readonly Lock adding = new();
    readonly List<Totals> ended = [];
    readonly List<SketchCounter> counters = [];
    readonly ValueBins?[] columns, scores;
    readonly long trainingRows;

    /// <summary>A sketch with the bins of a package's profile; without a profile it counts rows only.</summary>
    public LiveSketch(ModelPackage package)
    {
        var profiles = package.Profile?.Columns.ToDictionary(profile => profile.Name, StringComparer.Ordinal) ?? [];
        columns = [.. package.Schema.Columns.Select(column => column.Role == ColumnRole.Feature && profiles.TryGetValue(column.Name, out var profile) ? ValueBins.Of(column, profile) : null)];
        scores = new ValueBins?[package.Target.OutputCount];
        var known = package.Profile?.Scores ?? [];
        for (int k = 0; k < Math.Min(scores.Length, known.Count); k++)
            if (known[k].Count > 0) scores[k] = ValueBins.OfQuantiles(scores.Length > 1 ? package.Target.Classes[k] : package.Target.Column, known[k], missing: 0);
        trainingRows = package.Profile?.RowCount ?? 0;
        ended.Add(Sum());
    }

    /// <summary>Ends a window and begins another. The caller's clock says how long one is.</summary>
    public void EndWindow()
    {
        lock (adding)
        {
            ended.Add(Sum());
            if (ended.Count > MostWindows + 1) ended.RemoveAt(0);
        }
    }

    /// <summary>A counter for one thread at a time; what it counts is part of the next report.</summary>
    public SketchCounter NewCounter()
    {
        var counter = new SketchCounter(columns, scores);
        lock (adding) counters.Add(counter);
        return counter;
    }

    /// <summary>Live rows so far against training.</summary>
    public DriftReport Report()
    {
        lock (adding) return Compare(Sum(), null);
    }

    /// <summary>The live rows of the window that has not ended, and of those before it, against training.</summary>
    /// <param name="windows">How many before it, 0 to <see cref="MostWindows"/>; of those there are.</param>
    public DriftReport Report(int windows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)windows, (uint)MostWindows);
        lock (adding) return Compare(Sum(), ended[Math.Max(0, ended.Count - 1 - windows)]);
    }

    DriftReport Compare(Totals now, Totals? before) => new()
    {
        RowCount = now.Rows - (before?.Rows ?? 0),
        TrainingRowCount = trainingRows,
        Columns = Compare(columns, now.Columns, before?.Columns),
        Scores = Compare(scores, now.Scores, before?.Scores),
    };

    List<ValueDrift> Compare(ValueBins?[] bins, long[][] now, long[][]? before)
    {
        var compared = new List<ValueDrift>();
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] is not { } own) continue;
            long[] counts = [.. now[i]];
            for (int b = 0; b < counts.Length; b++) counts[b] -= before?[i][b] ?? 0;
            compared.Add(ValueDrift.Between(own, counts, trainingRows));
        }
        return compared;
    }

    Totals Sum() => new(counters.Sum(counter => counter.RowCount), Sum(columns, (counter, c) => counter.ColumnCounts(c)), Sum(scores, (counter, k) => counter.ScoreCounts(k)));

    long[][] Sum(ValueBins?[] bins, Func<SketchCounter, int, long[]> countsOf)
    {
        var sums = new long[bins.Length][];
        for (int i = 0; i < bins.Length; i++)
        {
            sums[i] = new long[bins[i]?.Count ?? 0];
            foreach (var counter in counters)
            {
                long[] part = countsOf(counter, i);
                for (int b = 0; b < part.Length; b++) sums[i][b] += Volatile.Read(ref part[b]);
            }
        }
        return sums;
    }

    sealed record Totals(long Rows, long[][] Columns, long[][] Scores);
}
