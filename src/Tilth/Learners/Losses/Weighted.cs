namespace Tilth.Learners.Losses;

/// <summary>Weighted mean and quantile.</summary>
internal static class Weighted
{
    public static double Mean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += weights[i] * values[i];
            total += weights[i];
        }
        return total > 0 ? sum / total : 0;
    }

    /// <summary>The smallest value that at least the share of the weight does not exceed (halfway if met exactly); reorders both spans.</summary>
    public static double Quantile(Span<double> values, Span<double> weights, double share)
    {
        if (values.Length == 0) return 0;
        values.Sort(weights);
        double total = 0, below = 0;
        foreach (double weight in weights) total += weight;
        for (int i = 0; i < values.Length; i++)
        {
            below += weights[i];
            if (below > share * total) return values[i];
            if (below == share * total && i + 1 < values.Length) return (values[i] + values[i + 1]) / 2;
        }
        return values[^1];
    }
}
