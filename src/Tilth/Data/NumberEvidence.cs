namespace Tilth.Data;

/// <summary>What the numbers of one column look like, gathered over every row. Integers are counted value by value.</summary>
internal sealed class NumberEvidence
{
    /// <summary>Values that are not missing.</summary>
    public int Present { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>True if every value is a whole number below 2^53.</summary>
    public bool Whole { get; private set; } = true;

    /// <summary>True if no value is below the one before it.</summary>
    public bool Ascending { get; private set; } = true;

    /// <summary>Rows of each value; meaningful while <see cref="Whole"/>.</summary>
    public Dictionary<long, int> Counts { get; } = [];

    public int Distinct => Counts.Count;

    public static NumberEvidence Of(ReadOnlySpan<double> values)
    {
        var evidence = new NumberEvidence();
        double before = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (double.IsNaN(value)) continue;
            evidence.Present++;
            evidence.Min = Math.Min(evidence.Min, value);
            evidence.Max = Math.Max(evidence.Max, value);
            evidence.Ascending &= value >= before;
            before = value;
            if (!evidence.Whole) continue;
            if (Math.Abs(value) < 1L << 53 && (long)value == value)
            {
                long key = (long)value;
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(evidence.Counts, key, out _)++;
            }
            else
            {
                evidence.Whole = false;
                evidence.Counts.Clear();
            }
        }
        return evidence;
    }

    /// <summary>
    /// True if independent draws from the range would almost surely have repeated a value: the birthday bound expects at
    /// least 10 repeats, and there is none.
    /// </summary>
    public bool IsUniqueBeyondChance
        => Whole && Present >= 50 && Distinct == Present && (double)Present * Present / (2 * (Max - Min + 1)) >= 10;

    /// <summary>True if every value is a valid date written as yyyyMMdd.</summary>
    public bool IsCompactDate
        => Whole && Min >= 1900_01_01 && Max <= 2100_12_31 && Distinct >= 10
            && Counts.Keys.All(key => key % 100 is var day && key / 100 % 100 is >= 1 and <= 12 and var month
                && day >= 1 && day <= DateTime.DaysInMonth((int)(key / 10000), (int)month));

    /// <summary>
    /// True if whole numbers look like keys of something else rather than amounts: large, sparse in their range, repeated, no
    /// rounder than chance, hardly ever zero, and with counts that jump from one value to the next far more than an amount's would.
    /// </summary>
    public bool LooksLikeKeys
    {
        get
        {
            if (!Whole || Present < 500 || Min < 0 || Counts.GetValueOrDefault(0) > 0.001 * Present || Max < 10_000 || Distinct < 20 || Present < 3L * Distinct) return false;
            if (Distinct > 0.05 * (Max - Min + 1)) return false;
            if (Counts.Keys.Count(key => key % 10 == 0) > 0.2 * Distinct) return false;
            return Jumpiness() >= 5;
        }
    }

    /// <summary>Mean squared step between the counts of neighbouring values over what Poisson counts would give (1).</summary>
    double Jumpiness()
    {
        int[] counts = [.. Counts.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        double steps = 0, expected = 0;
        for (int i = 1; i < counts.Length; i++)
        {
            double step = counts[i] - counts[i - 1];
            steps += step * step;
            expected += counts[i] + counts[i - 1];
        }
        return steps / expected;
    }
}
