using Tilth.Kernels;

namespace Tilth.Monitoring;

/// <summary>How far live values lie from training.</summary>
public enum DriftVerdict
{
    /// <summary>Too few live rows to say.</summary>
    TooFewRows,
    /// <summary>No more than chance and small change explain.</summary>
    None,
    /// <summary>Some: an index of 0.1 to 0.25 above what chance gives.</summary>
    Some,
    /// <summary>Large: 0.25 or more above what chance gives.</summary>
    Large,
}

/// <summary>Live rows against the training data.</summary>
public sealed record DriftReport
{
    /// <summary>Live rows.</summary>
    public required long RowCount { get; init; }

    /// <summary>Training rows; 0 if the package has no profile.</summary>
    public required long TrainingRowCount { get; init; }

    /// <summary>The feature columns that training left a profile of.</summary>
    public required IReadOnlyList<ValueDrift> Columns { get; init; }

    /// <summary>The predictions, one an output, against those for rows that training had left out.</summary>
    public required IReadOnlyList<ValueDrift> Scores { get; init; }
}

/// <summary>One column, or one output, against training.</summary>
/// <param name="Name">The column's; for scores the class's or the target's.</param>
/// <param name="Index">
/// Population stability index: the sum over bins of (live - training) ln(live / training) of their shares; 0 for equal ones.
/// Missing and unseen values are bins of their own; shares below 1 in 10,000 count as that.
/// </param>
/// <param name="Chance">
/// What the index is on average if nothing drifted: (bins - 1)(1/live rows + 1/training rows), from its chi-squared limit
/// (Yurdakul and Naranjo 2020). So more rows bring fewer false alarms, not more.
/// </param>
/// <param name="MissingShare">Live share without a value, in 0 to 1.</param>
/// <param name="TrainingMissingShare">As it was in training.</param>
/// <param name="UnseenShare">Live share of levels that training did not see, or of unreadable values.</param>
/// <param name="Verdict">What to think of it.</param>
public sealed record ValueDrift(string Name, double Index, double Chance, double MissingShare, double TrainingMissingShare, double UnseenShare, DriftVerdict Verdict)
{
    const long FewRows = 200;

    const double LeastShare = 1e-4, SomeFrom = 0.1, LargeFrom = 0.25;

    internal static ValueDrift Between(ValueBins bins, ReadOnlySpan<long> counts, long trainingRows)
    {
        long rows = 0;
        foreach (long count in counts) rows += count;
        if (rows == 0) return new(bins.Name, 0, 0, 0, bins.Expected[bins.Missing], 0, DriftVerdict.TooFewRows);
        double index = 0;
        int used = 0;
        for (int b = 0; b < counts.Length; b++)
        {
            if (counts[b] == 0 && bins.Expected[b] == 0) continue;
            used++;
            double live = Math.Max((double)counts[b] / rows, LeastShare), training = Math.Max(bins.Expected[b], LeastShare);
            index += (live - training) * Elementary.Log(live / training);
        }
        double chance = (used - 1) * (1.0 / rows + 1.0 / Math.Max(1, trainingRows)), beyond = index - chance;
        var verdict = rows < FewRows ? DriftVerdict.TooFewRows : beyond >= LargeFrom ? DriftVerdict.Large : beyond >= SomeFrom ? DriftVerdict.Some : DriftVerdict.None;
        return new(bins.Name, index, chance, (double)counts[bins.Missing] / rows, bins.Expected[bins.Missing], (double)counts[bins.Unseen] / rows, verdict);
    }
}
