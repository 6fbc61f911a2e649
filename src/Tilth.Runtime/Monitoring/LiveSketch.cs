using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.Monitoring;

/// <summary>
/// Counts the rows that a package predicts in the bins of its data profile, so that live data can be compared with training
/// at any moment without keeping a row. Constant memory. Each thread counts in a <see cref="SketchCounter"/> of its own; the
/// report sums them up.
/// </summary>
public sealed class LiveSketch
{
    readonly Lock adding = new();
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
        SketchCounter[] all;
        lock (adding) all = [.. counters];
        long rows = all.Sum(counter => counter.RowCount);
        return new DriftReport
        {
            RowCount = rows,
            TrainingRowCount = trainingRows,
            Columns = Compare(columns, (counter, c) => counter.ColumnCounts(c), all),
            Scores = Compare(scores, (counter, k) => counter.ScoreCounts(k), all),
        };
    }

    List<ValueDrift> Compare(ValueBins?[] bins, Func<SketchCounter, int, long[]> countsOf, SketchCounter[] all)
    {
        var compared = new List<ValueDrift>();
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] is not { } own) continue;
            var counts = new long[own.Count];
            foreach (var counter in all)
            {
                long[] part = countsOf(counter, i);
                for (int b = 0; b < counts.Length; b++) counts[b] += Volatile.Read(ref part[b]);
            }
            compared.Add(ValueDrift.Between(own, counts, trainingRows));
        }
        return compared;
    }
}
