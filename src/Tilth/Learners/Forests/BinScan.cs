using System.Numerics;
using Tilth.Kernels;
using Tilth.Learners.Trees;

namespace Tilth.Learners.Forests;

/// <summary>
/// Sums a node's targets by bin and tries the cuts between the bins that occur. A bin has the sums (weight, weighted value),
/// or one weight a class. Sums are whole numbers.
/// </summary>
internal sealed unsafe class BinScan : IDisposable
{
    readonly ForestTarget target;
    readonly Forest rules;
    readonly int channels;
    readonly NativeBuffer buffer, binWeights, pairs, seen;
    readonly long[] total, left;
    readonly int[] order = new int[256];
    readonly double[] keys = new double[256];
    int* weights, values;
    int count, used;
    BinColumn column = null!;
    long totalWeight, leftWeight;

    public BinScan(ForestTarget target, Forest rules)
    {
        (this.target, this.rules, channels) = (target, rules, target.Channels);
        buffer = new NativeBuffer(256L * channels * sizeof(long));
        (binWeights, seen) = (new NativeBuffer(256 * sizeof(long)), new NativeBuffer(257));
        pairs = new NativeBuffer(target.ByClass ? 0 : 2L * sizeof(long) * target.Rows.Length);
        (total, left) = (new long[channels], new long[channels]);
    }

    long* Cells => (long*)buffer.Pointer;

    /// <summary>Weight of the node.</summary>
    public double Weight => totalWeight * target.WeightUnit;

    /// <summary>All targets are alike.</summary>
    public bool IsPure { get; private set; }

    public void Dispose()
    {
        foreach (var own in (NativeBuffer[])[buffer, binWeights, pairs, seen]) own.Dispose();
    }

    /// <summary>The node's rows: their weights and values.</summary>
    public void SetNode(int* weights, int* values, int count)
    {
        this.weights = weights;
        this.values = values;
        this.count = count;
        Array.Clear(total);
        IsPure = new ReadOnlySpan<int>(values, count).IndexOfAnyExcept(values[0]) < 0;
        totalWeight = 0;
        for (int i = 0; i < count; i++) totalWeight += weights[i];
        long* pair = (long*)pairs.Pointer;
        long value = 0;
        if (target.ByClass)
            for (int i = 0; i < count; i++) total[values[i]] += weights[i];
        else
            for (int i = 0; i < count; i++) value += pair[2 * i + 1] = (pair[2 * i] = weights[i]) * values[i];
        if (!target.ByClass) total[1] = value;
        if (!target.ByClass) total[0] = totalWeight;
    }

    /// <summary>Sums a column; returns how many bins occur.</summary>
    public int Fill(BinColumn column, byte* bins, int* rows)
    {
        Clear();
        this.column = column;
        used = target.ByClass
            ? ForestKernel.AddClasses(Cells, (long*)binWeights.Pointer, channels, bins, rows, weights, values, count, seen.Pointer)
            : ForestKernel.AddPairs(Cells, bins, rows, (long*)pairs.Pointer, count, seen.Pointer);
        // In order of bins, by way of bits: no sort.
        ulong* bits = stackalloc ulong[4];
        for (int i = 0; i < used; i++) bits[seen.Pointer[i] >> 6] |= 1UL << seen.Pointer[i];
        int at = 0;
        for (int word = 0; word < 4; word++)
            for (ulong rest = bits[word]; rest != 0; rest &= rest - 1) order[at++] = 64 * word + BitOperations.TrailingZeroCount(rest);
        return used;
    }

    /// <summary>Keeps the best cut of the filled column in <paramref name="best"/>, if it beats that.</summary>
    public void Find(int index, RandomSource random, ref Split best)
    {
        if (column.IsCategory) SortCategories();
        bool missing = !column.IsCategory && column.HasMissing && order[used - 1] == column.MissingBin;
        int from = 0, end = used - 1;
        if (rules.RandomThresholds)
        {
            from = random.NextInt(used - 1);
            end = from + 1;
        }
        if (Scan(from, end, -1, index, ref best) && missing) best.MissingLeft = false;
        if (missing && used > 2 && Scan(from, Math.Min(end, used - 2), order[used - 1], index, ref best)) best.MissingLeft = true;
    }

    /// <summary>Walks the occurring bins in order; the missing bin may be on the left from the start.</summary>
    bool Scan(int from, int end, int startBin, int index, ref Split best)
    {
        if (!target.ByClass) return ScanPairs(from, end, startBin, index, ref best);
        Array.Clear(left);
        leftWeight = 0;
        if (startBin >= 0) AddBin(startBin);
        double parent = Purity(total, null, totalWeight);
        bool found = false;
        for (int i = 0; i < end; i++)
        {
            AddBin(order[i]);
            if (i < from) continue;
            long weight = leftWeight;
            if (Math.Min(weight, totalWeight - weight) * target.WeightUnit < rules.MinSamplesLeaf) continue;
            double gain = Purity(left, null, weight) + Purity(total, left, totalWeight - weight) - parent;
            if (gain <= best.Gain || gain <= 1e-12 * Math.Abs(parent)) continue;
            found = true;
            best = new Split { Gain = gain, Column = index, LeftGradient = weight, LeftHessian = weight };
            Remember(i, ref best);
        }
        return found;
    }

    /// <summary>The same where a bin has a weight and a weighted value: without loops over classes.</summary>
    bool ScanPairs(int from, int end, int startBin, int index, ref Split best)
    {
        long* cells = Cells;
        long weight = 0, value = 0, allWeight = totalWeight, allValue = total[1], chosenWeight = 0;
        if (startBin >= 0) (weight, value) = (cells[2 * startBin], cells[2 * startBin + 1]);
        double root = allValue, parent = root * root / allWeight, least = 1e-12 * Math.Abs(parent), bestGain = best.Gain, unit = target.WeightUnit, leastWeight = rules.MinSamplesLeaf;
        int chosen = -1;
        for (int i = 0; i < end; i++)
        {
            weight += cells[2 * order[i]];
            value += cells[2 * order[i] + 1];
            if (i < from || Math.Min(weight, allWeight - weight) * unit < leastWeight) continue;
            double own = value, other = allValue - value;
            double gain = own * own / weight + other * other / (allWeight - weight) - parent;
            if (gain <= bestGain || gain <= least) continue;
            (chosen, bestGain, chosenWeight) = (i, gain, weight);
        }
        if (chosen < 0) return false;
        best = new Split { Gain = bestGain, Column = index, LeftGradient = chosenWeight, LeftHessian = chosenWeight };
        Remember(chosen, ref best);
        return true;
    }

    void Remember(int last, ref Split best)
    {
        if (!column.IsCategory)
        {
            best.Bin = order[last];
            best.MissingLeft = 2 * best.LeftHessian >= totalWeight;
            return;
        }
        best.LeftBins = new ulong[4];
        for (int k = 0; k <= last; k++) best.LeftBins[order[k] >> 6] |= 1UL << order[k];
        if (!column.HasMissing) best.MissingLeft = 2 * best.LeftHessian > totalWeight;
        else best.MissingLeft = (best.LeftBins[column.MissingBin >> 6] >> column.MissingBin & 1) != 0;
    }

    void AddBin(int bin)
    {
        long* cells = Cells + (long)bin * channels;
        for (int k = 0; k < channels; k++) left[k] += cells[k];
        leftWeight += target.ByClass ? ((long*)binWeights.Pointer)[bin] : cells[0];
    }

    /// <summary>Sum over targets of (sum of all - minus)^2 / weight.</summary>
    double Purity(long[] all, long[]? minus, long weight)
    {
        double squares = 0;
        for (int k = target.ByClass ? 0 : 1; k < channels; k++)
        {
            double sum = minus is null ? all[k] : all[k] - minus[k];
            squares += sum * sum;
        }
        return squares / weight;
    }

    /// <summary>By mean target, or by the share of the node's commonest class: then the best set is near a prefix (Breiman, 1984).</summary>
    void SortCategories()
    {
        int channel = 1;
        if (target.ByClass) channel = Array.IndexOf(total, total.Max());
        for (int i = 0; i < used; i++)
        {
            long* cells = Cells + (long)order[i] * channels;
            keys[i] = (double)cells[channel] / (target.ByClass ? ((long*)binWeights.Pointer)[order[i]] : cells[0]);
        }
        keys.AsSpan(0, used).Sort(order.AsSpan(0, used));
    }

    /// <summary>Shares of the classes, as whole multiples of 2^-23 that sum to 1; for two classes the share of the second.</summary>
    public double[] ClassShares()
    {
        const double Units = 1 << 23;
        if (!target.ByClass) return [Math.Round((double)total[1] / totalWeight * Units) / Units];
        var shares = new double[channels];
        double rest = Units;
        int largest = 0;
        for (int k = 0; k < channels; k++)
        {
            rest -= shares[k] = Math.Round((double)total[k] / totalWeight * Units);
            if (shares[k] > shares[largest]) largest = k;
        }
        shares[largest] += rest;
        for (int k = 0; k < channels; k++) shares[k] /= Units;
        return shares;
    }

    void Clear()
    {
        long* cells = Cells, binTotals = (long*)binWeights.Pointer;
        if (!target.ByClass)
            for (int i = 0; i < used; i++) (cells[2 * order[i]], cells[2 * order[i] + 1]) = (0, 0);
        else
            for (int i = 0; i < used; i++)
            {
                new Span<long>(cells + (long)order[i] * channels, channels).Clear();
                binTotals[order[i]] = 0;
            }
        used = 0;
    }
}
