namespace Tilth.Learners.Trees;

/// <summary>Bins one column of codes: a level a bin, heaviest first; beyond 255 levels the lightest share the last bin.</summary>
internal static class CategoryBins
{
    public static BinColumn Fill(int feature, ReadOnlySpan<int> codes, int levels, ReadOnlySpan<double> weights, Span<byte> bins)
    {
        var weightOf = new double[levels];
        bool missing = false;
        for (int row = 0; row < codes.Length; row++)
        {
            if (codes[row] < 0) missing = true;
            else weightOf[codes[row]] += weights.IsEmpty ? 1 : weights[row];
        }
        int[] order = [.. Enumerable.Range(0, levels).Where(code => weightOf[code] > 0).OrderByDescending(code => weightOf[code]).ThenBy(code => code)];
        int values = Math.Min(order.Length, BinEdges.MaxBins);
        var binOf = new short[levels];
        binOf.AsSpan().Fill(-1);
        for (int i = 0; i < order.Length; i++) binOf[order[i]] = (short)Math.Min(i, values - 1);
        for (int row = 0; row < codes.Length; row++)
            bins[row] = (byte)(codes[row] < 0 ? values : Math.Max(0, (int)binOf[codes[row]]));
        return new BinColumn { Feature = feature, ValueBins = values, HasMissing = missing, BinOfCode = binOf, LevelsShareBin = order.Length > values };
    }
}
