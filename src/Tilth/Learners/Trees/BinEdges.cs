namespace Tilth.Learners.Trees;

/// <summary>
/// Cuts a number into bins of about equal weight, as LightGBM's greedy search does (bin.cpp, GreedyFindBin): few distinct
/// values get a bin each; a value that outweighs a bin gets its own; the others share what is left. A row of weight 0 does
/// not exist here, so it never moves an edge. Edges lie in the middle between two neighbouring values.
/// </summary>
internal static class BinEdges
{
    /// <summary>Bins that values may take; one more is kept for missing ones.</summary>
    public const int MaxBins = 255;

    /// <param name="values">Distinct, ascending, finite or infinite.</param>
    /// <param name="weights">Weight of each value, above 0.</param>
    /// <param name="minWeight">A bin weighs at least this, unless the value is alone there.</param>
    /// <param name="maxBins">At most that many bins.</param>
    public static float[] Of(ReadOnlySpan<float> values, ReadOnlySpan<double> weights, double minWeight, int maxBins = MaxBins)
    {
        var cuts = new List<int>();
        if (values.Length <= maxBins) Few(weights, minWeight, cuts);
        else Many(weights, minWeight, maxBins, cuts);
        var edges = new float[cuts.Count];
        for (int i = 0; i < edges.Length; i++) edges[i] = Between(values[cuts[i]], values[cuts[i] + 1]);
        return edges;
    }

    static void Few(ReadOnlySpan<double> weights, double minWeight, List<int> cuts)
    {
        double bin = 0;
        for (int i = 0; i < weights.Length - 1; i++)
        {
            bin += weights[i];
            if (bin < minWeight) continue;
            cuts.Add(i);
            bin = 0;
        }
    }

    static void Many(ReadOnlySpan<double> weights, double minWeight, int maxBins, List<int> cuts)
    {
        double total = 0;
        foreach (double weight in weights) total += weight;
        double mean = total / maxBins, rest = total;
        int restBins = maxBins;
        var big = new bool[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            if (weights[i] >= mean)
            {
                big[i] = true;
                restBins--;
                rest -= weights[i];
            }
        mean = restBins > 0 ? rest / restBins : double.PositiveInfinity;
        double bin = 0;
        for (int i = 0; i < weights.Length - 1 && cuts.Count < maxBins - 1; i++)
        {
            bin += weights[i];
            if (!big[i]) rest -= weights[i];
            bool full = big[i] || bin >= mean || (big[i + 1] && bin >= Math.Max(1, mean * 0.5));
            if (!full || bin < minWeight) continue;
            cuts.Add(i);
            if (!big[i]) mean = rest / Math.Max(1, --restBins);
            bin = 0;
        }
    }

    /// <summary>A float in [low, high): rounding must not lift the lower value over the edge.</summary>
    static float Between(float low, float high)
    {
        if (float.IsNegativeInfinity(low)) return float.MinValue < high ? float.MinValue : low;
        if (float.IsPositiveInfinity(high)) return float.MaxValue;
        float middle = (float)(((double)low + high) / 2);
        return middle >= high ? low : middle;
    }
}
