using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>Bins one column of numbers.</summary>
internal static class NumberBins
{
    /// <summary>LightGBM's min_data_in_bin, in weight.</summary>
    const double MinBinWeight = 3;

    /// <summary>A dense column; NaN is missing.</summary>
    public static BinColumn Fill(int feature, ReadOnlySpan<float> column, ReadOnlySpan<double> weights, Span<byte> bins)
    {
        bool missing = false;
        var keys = new uint[column.Length];
        var rowWeights = weights.IsEmpty ? null : new double[column.Length];
        int count = 0;
        for (int row = 0; row < column.Length; row++)
        {
            float value = column[row];
            if (float.IsNaN(value)) missing = true;
            else if (rowWeights is null) keys[count++] = RadixSort.KeyOf(value);
            else if (weights[row] > 0)
            {
                keys[count] = RadixSort.KeyOf(value);
                rowWeights[count++] = weights[row];
            }
        }
        if (rowWeights is null) RadixSort.Sort(keys.AsSpan(0, count), new uint[count]);
        else Array.Sort(keys, rowWeights, 0, count);
        var edges = Edges(keys.AsSpan(0, count), rowWeights);
        var made = new BinColumn { Feature = feature, ValueBins = edges.Length + 1, HasMissing = missing, Edges = edges };
        BinKernel.Bin(column, edges, (byte)Math.Max(0, made.MissingBin), bins);
        return made;
    }

    /// <summary>A sparse column; rows without an entry are 0.</summary>
    public static BinColumn FillSparse(int feature, SparseColumns sparse, int column, ReadOnlySpan<double> weights, Span<byte> bins)
    {
        var rows = sparse.RowsOf(column);
        var values = sparse.ValuesOf(column);
        var keys = new uint[rows.Length + 1];
        var rowWeights = new double[rows.Length + 1];
        double zeros = 0;
        if (weights.IsEmpty) zeros = bins.Length;
        else foreach (double weight in weights) zeros += weight;
        int count = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[rows[i]];
            if (weight <= 0) continue;
            zeros -= weight;
            keys[count] = RadixSort.KeyOf(values[i]);
            rowWeights[count++] = weight;
        }
        if (zeros > 0)
        {
            keys[count] = RadixSort.KeyOf(0);
            rowWeights[count++] = zeros;
        }
        Array.Sort(keys, rowWeights, 0, count);
        var edges = Edges(keys.AsSpan(0, count), rowWeights);
        Span<byte> zero = stackalloc byte[1];
        BinKernel.Bin([0f], edges, 0, zero);
        bins.Fill(zero[0]);
        var own = new byte[rows.Length];
        BinKernel.Bin(values, edges, 0, own);
        for (int i = 0; i < rows.Length; i++) bins[rows[i]] = own[i];
        return new BinColumn { Feature = feature, ValueBins = edges.Length + 1, HasMissing = false, Edges = edges };
    }

    static float[] Edges(ReadOnlySpan<uint> keys, double[]? rowWeights)
    {
        if (keys.Length == 0) return [];
        var values = new List<float>();
        var weights = new List<double>();
        double weight = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            weight += rowWeights is null ? 1 : rowWeights[i];
            if (i + 1 < keys.Length && keys[i + 1] == keys[i]) continue;
            values.Add(RadixSort.ValueOf(keys[i]));
            weights.Add(weight);
            weight = 0;
        }
        return BinEdges.Of(values.ToArray(), weights.ToArray(), MinBinWeight);
    }
}
