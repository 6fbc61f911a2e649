using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>
/// The best threshold of one number: all cuts between bins, with missing values once on the right and once on the left
/// (Chen and Guestrin, 2016, algorithm 3). Equal gains keep the lowest bin.
/// </summary>
internal static unsafe class NumberSplits
{
    public static Split Find(GrowthRules rules, in SplitNode node, BinColumn column, int index, int direction, long* sums)
    {
        var best = Split.None;
        long missingG = 0, missingH = 0;
        if (column.HasMissing) (missingG, missingH) = (sums[2 * column.MissingBin], sums[2 * column.MissingBin + 1]);
        bool missing = missingG != 0 || missingH != 0;
        // With missing values, "all values left, missing right" is a cut too, unless the last bin holds infinity.
        int last = column.ValueBins - 1;
        int cuts = missing && (last == 0 || column.Edges![^1] < float.MaxValue) ? last + 1 : last;
        int from = 0;
        if (rules.ExtraTrees && cuts > 0)
        {
            from = RandomCut(node.Seed, index, cuts);
            cuts = from + 1;
        }
        Scan(rules, node, index, direction, sums, from, cuts, 0, 0, missingLeft: false, ref best);
        if (missing) Scan(rules, node, index, direction, sums, from, Math.Min(cuts, last), missingG, missingH, missingLeft: true, ref best);
        else if (best.Exists) best.MissingLeft = 2 * best.LeftHessian >= node.Hessian;
        return best;
    }

    static void Scan(GrowthRules rules, in SplitNode node, int index, int direction, long* sums, int from, int cuts,
        long leftG, long leftH, bool missingLeft, ref Split best)
    {
        double perHessian = node.WeightPerHessian, parent = ParentGain(rules, node, rules.LambdaL2) + rules.MinGain;
        double minH = Math.Max(rules.MinChildWeight, perHessian > 0 ? rules.MinDataInLeaf / perHessian * (1 - 1e-9) : double.PositiveInfinity);
        double gain = best.Gain;
        int chosen = direction == 0 && !node.Bounded && rules.LambdaL1 == 0 && from == 0
            ? BestCutKernel.Find(sums, cuts, leftG, leftH, new(node.G, node.H, node.GradientScale, node.HessianScale, rules.LambdaL2, minH, parent), ref gain)
            : Slow(rules, node, direction, sums, from, cuts, leftG, leftH, minH, parent, ref gain);
        if (chosen < 0) return;
        for (int bin = 0; bin <= chosen; bin++) (leftG, leftH) = (leftG + sums[2 * bin], leftH + sums[2 * bin + 1]);
        best = new Split { Gain = gain, Column = index, Bin = chosen, MissingLeft = missingLeft, LeftGradient = leftG, LeftHessian = leftH };
    }

    /// <summary>Where leaf values are shrunk, bounded, or must rise or fall, and for one cut of extra trees.</summary>
    static int Slow(GrowthRules rules, in SplitNode node, int direction, long* sums, int from, int cuts, long leftG, long leftH, double minH, double parent, ref double best)
    {
        int chosen = -1;
        for (int bin = 0; bin < cuts; bin++)
        {
            leftG += sums[2 * bin];
            leftH += sums[2 * bin + 1];
            if (bin < from) continue;
            double hl = leftH * node.HessianScale, hr = (node.Hessian - leftH) * node.HessianScale;
            if (hl < minH) continue;
            if (hr < minH) break;
            double gl = leftG * node.GradientScale, gr = (node.Gradient - leftG) * node.GradientScale;
            double gain = (direction == 0 && !node.Bounded
                ? rules.LeafGain(gl, hl, rules.LambdaL2) + rules.LeafGain(gr, hr, rules.LambdaL2)
                : BoundedGain(rules, node, direction, gl, hl, gr, hr)) - parent;
            if (gain > best) (chosen, best) = (bin, gain);
        }
        return chosen;
    }

    /// <summary>What the node saves as a leaf of its own, within its bounds.</summary>
    public static double ParentGain(GrowthRules rules, in SplitNode node, double lambda) => node.Bounded
        ? rules.GainAt(Math.Clamp(rules.LeafValue(node.G, node.H), node.Low, node.High), node.G, node.H, lambda)
        : rules.LeafGain(node.G, node.H, lambda);

    static double BoundedGain(GrowthRules rules, in SplitNode node, int direction, double gl, double hl, double gr, double hr)
    {
        double left = Math.Clamp(rules.LeafValue(gl, hl), node.Low, node.High), right = Math.Clamp(rules.LeafValue(gr, hr), node.Low, node.High);
        if (direction * (right - left) < 0) return double.NegativeInfinity;
        return rules.GainAt(left, gl, hl, rules.LambdaL2) + rules.GainAt(right, gr, hr, rules.LambdaL2);
    }

    static int RandomCut(ulong seed, int column, int cuts) => (int)((StableHash.Mix(seed ^ (ulong)(column + 1) * 0x9E3779B97F4A7C15) >> 32) * (ulong)cuts >> 32);
}
