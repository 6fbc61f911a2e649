namespace Tilth.Learners.Trees;

/// <summary>
/// The best set of categories: one against the rest for few of them; else sorted by gradient over hessian, so that the best
/// set is a prefix (Fisher, 1958, as LightGBM does it), scanned from both ends. The missing bin is a category like others.
/// </summary>
internal static unsafe class CategorySplits
{
    public static Split Find(GrowthRules rules, in SplitNode node, BinColumn column, int index, long* sums)
    {
        var best = Split.None;
        if (column.Bins <= rules.MaxCatToOnehot || column.Bins == 2) OneAgainstRest(rules, node, column, index, sums, ref best);
        else Prefixes(rules, node, column, index, sums, ref best);
        if (!best.Exists) return best;
        bool missingSeen = column.HasMissing && sums[2 * column.MissingBin + 1] > 0;
        best.MissingLeft = missingSeen ? (best.LeftBins![column.MissingBin >> 6] >> column.MissingBin & 1) != 0 : 2 * best.LeftHessian > node.Hessian;
        if (column.HasMissing && best.MissingLeft) best.LeftBins![column.MissingBin >> 6] |= 1UL << column.MissingBin;
        return best;
    }

    static void OneAgainstRest(GrowthRules rules, in SplitNode node, BinColumn column, int index, long* sums, ref Split best)
    {
        for (int bin = 0; bin < column.Bins; bin++)
        {
            double gain = Gain(rules, node, sums[2 * bin], sums[2 * bin + 1], rules.LambdaL2);
            if (gain <= best.Gain) continue;
            best = new Split { Gain = gain, Column = index, LeftBins = new ulong[4], LeftGradient = sums[2 * bin], LeftHessian = sums[2 * bin + 1] };
            best.LeftBins[bin >> 6] |= 1UL << bin;
        }
    }

    static void Prefixes(GrowthRules rules, in SplitNode node, BinColumn column, int index, long* sums, ref Split best)
    {
        double perHessian = node.WeightPerHessian;
        Span<int> order = stackalloc int[256];
        Span<double> keys = stackalloc double[256];
        int used = 0;
        for (int bin = 0; bin < column.Bins; bin++)
        {
            double h = sums[2 * bin + 1] * node.HessianScale;
            if (h * perHessian < Math.Min(rules.CatSmooth, 1) || h <= 0) continue;
            order[used] = bin;
            keys[used++] = sums[2 * bin] * node.GradientScale / (h + rules.CatSmooth);
        }
        if (used < 2) return;
        keys[..used].Sort(order[..used]);
        int most = Math.Min(rules.MaxCatThreshold, (used + 1) / 2), bestEnd = 0, bestCount = 0;
        for (int end = 0; end < 2; end++)
        {
            long g = 0, h = 0;
            double group = 0;
            for (int i = 0; i < Math.Min(most, used - 1); i++)
            {
                int bin = order[end == 0 ? i : used - 1 - i];
                g += sums[2 * bin];
                h += sums[2 * bin + 1];
                group += sums[2 * bin + 1] * node.HessianScale * perHessian;
                if (group < rules.MinDataPerGroup) continue;
                double gain = Gain(rules, node, g, h, rules.LambdaL2 + rules.CatL2);
                if (gain <= double.NegativeInfinity) continue;
                group = 0;
                if (gain <= best.Gain) continue;
                best = new Split { Gain = gain, Column = index, LeftGradient = g, LeftHessian = h };
                (bestEnd, bestCount) = (end, i + 1);
            }
        }
        if (bestCount == 0) return;
        best.LeftBins = new ulong[4];
        for (int i = 0; i < bestCount; i++)
        {
            int bin = order[bestEnd == 0 ? i : used - 1 - i];
            best.LeftBins[bin >> 6] |= 1UL << bin;
        }
    }

    static double Gain(GrowthRules rules, in SplitNode node, long leftG, long leftH, double lambda)
    {
        double hl = leftH * node.HessianScale, hr = (node.Hessian - leftH) * node.HessianScale, least = Math.Min(hl, hr);
        if (least < rules.MinChildWeight || least * node.WeightPerHessian < rules.MinDataInLeaf * (1 - 1e-9)) return double.NegativeInfinity;
        double gl = leftG * node.GradientScale, gr = (node.Gradient - leftG) * node.GradientScale;
        double parent = NumberSplits.ParentGain(rules, node, rules.LambdaL2) + rules.MinGain;
        if (!node.Bounded) return rules.LeafGain(gl, hl, lambda) + rules.LeafGain(gr, hr, lambda) - parent;
        double left = Math.Clamp(rules.LeafValue(gl, hl), node.Low, node.High), right = Math.Clamp(rules.LeafValue(gr, hr), node.Low, node.High);
        return rules.GainAt(left, gl, hl, lambda) + rules.GainAt(right, gr, hr, lambda) - parent;
    }
}
