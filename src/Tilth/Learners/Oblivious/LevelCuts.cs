using Tilth.Kernels;
using Tilth.Learners.Trees;

namespace Tilth.Learners.Oblivious;

/// <summary>
/// The best condition for all leaves of a level at once: the cut of one column whose gains, summed over the leaves, are
/// largest. A leaf that the cut would leave with too little on a side stays whole and gains nothing. Equal gains keep the
/// lowest bin.
/// </summary>
internal static unsafe class LevelCuts
{
    /// <summary>A leaf's sums of the column, and its own.</summary>
    public readonly struct Leaf
    {
        public required long* Sums { get; init; }
        public required SplitNode Node { get; init; }
    }

    public static Split Find(GrowthRules rules, ReadOnlySpan<Leaf> leaves, BinColumn column, int index)
    {
        var best = Split.None;
        Span<double> gains = stackalloc double[257];
        if (column.IsCategory)
        {
            OneByOne(rules, leaves, column, gains);
            Take(gains[..column.Bins], index, ref best);
            if (!best.Exists) return best;
            best.LeftBins = new ulong[4];
            best.LeftBins[best.Bin >> 6] |= 1UL << best.Bin;
            best.MissingLeft = best.Bin == column.MissingBin;
            return best;
        }
        // With missing values, "all values left, missing right" is a cut too, unless the last bin holds infinity.
        int last = column.ValueBins - 1;
        int cuts = column.HasMissing && (last == 0 || column.Edges![^1] < float.MaxValue) ? last + 1 : last;
        FromLeft(rules, leaves, gains[..cuts], -1);
        Take(gains[..cuts], index, ref best);
        if (!column.HasMissing) return best;
        FromLeft(rules, leaves, gains[..last], column.MissingBin);
        var right = best;
        Take(gains[..last], index, ref best);
        best.MissingLeft = best.Gain > right.Gain;
        return best;
    }

    /// <summary>Whether a leaf is cut by the split; if so, the sums of its left side.</summary>
    public static bool Cuts(GrowthRules rules, in Leaf leaf, BinColumn column, in Split split, out long leftGradient, out long leftHessian)
    {
        (leftGradient, leftHessian) = (0, 0);
        ulong[] left = split.LeftSet(column);
        for (int bin = 0; bin < column.Bins; bin++)
        {
            if ((left[bin >> 6] >> bin & 1) == 0) continue;
            leftGradient += leaf.Sums[2 * bin];
            leftHessian += leaf.Sums[2 * bin + 1];
        }
        double least = LeastHessian(rules, leaf.Node);
        return leftHessian * leaf.Node.HessianScale >= least && (leaf.Node.Hessian - leftHessian) * leaf.Node.HessianScale >= least;
    }

    static void Take(ReadOnlySpan<double> gains, int index, ref Split best)
    {
        for (int bin = 0; bin < gains.Length; bin++)
            if (gains[bin] > best.Gain) best = new Split { Gain = gains[bin], Column = index, Bin = bin };
    }

    static void FromLeft(GrowthRules rules, ReadOnlySpan<Leaf> leaves, Span<double> gains, int missingBin)
    {
        gains.Clear();
        fixed (double* to = gains)
            foreach (ref readonly var leaf in leaves)
            {
                var node = leaf.Node;
                long g = missingBin < 0 ? 0 : leaf.Sums[2 * missingBin], h = missingBin < 0 ? 0 : leaf.Sums[2 * missingBin + 1];
                LevelGainKernel.Add(leaf.Sums, gains.Length, g, h, new(node.G, node.H, node.GradientScale, node.HessianScale, rules.LambdaL2,
                    LeastHessian(rules, node), rules.LeafGain(node.G, node.H, rules.LambdaL2)), to);
            }
    }

    static void OneByOne(GrowthRules rules, ReadOnlySpan<Leaf> leaves, BinColumn column, Span<double> gains)
    {
        gains.Clear();
        foreach (ref readonly var leaf in leaves)
        {
            double least = LeastHessian(rules, leaf.Node), lambda = rules.LambdaL2, all = leaf.Node.G, parent = rules.LeafGain(all, leaf.Node.H, lambda);
            for (int bin = 0; bin < column.Bins; bin++)
            {
                double hl = leaf.Sums[2 * bin + 1] * leaf.Node.HessianScale, hr = leaf.Node.H - hl;
                if (hl < least || hr < least) continue;
                double gl = leaf.Sums[2 * bin] * leaf.Node.GradientScale;
                gains[bin] += Gain(gl, hl + lambda, all - gl, hr + lambda) - parent;
            }
        }
    }

    /// <summary>gl^2 / hl + gr^2 / hr with one division.</summary>
    static double Gain(double gl, double hl, double gr, double hr) => (gl * gl * hr + gr * gr * hl) / (hl * hr);

    /// <summary>Weight is taken to be spread as the hessian is.</summary>
    static double LeastHessian(GrowthRules rules, in SplitNode node)
        => Math.Max(rules.MinChildWeight, node.WeightPerHessian is > 0 and var per ? rules.MinDataInLeaf / per * (1 - 1e-9) : double.PositiveInfinity);
}
