using Tilth.Learners.Trees;

namespace Tilth.Learners.Additive;

/// <summary>
/// A curve over one feature's bins: a tree cuts the line of bins, the best cut first. Categories stand in the order of
/// gradient over hessian (Fisher, 1958), the missing ones among them; a number's missing values are a leaf of their own.
/// </summary>
internal sealed class LineTerm : BoostedTerm
{
    public const int MostLeaves = 16;

    const int MostBins = 256;

    /// <summary>The feature's place in the binned matrix.</summary>
    public required int Column { get; init; }

    public required BinColumn Bins { get; init; }

    /// <summary>+1 never falls, -1 never rises, 0 is free.</summary>
    public required int Direction { get; init; }

    public override void Cut(ReadOnlySpan<double> sums, ReadOnlySpan<double> weights, CutRules rules, Span<double> steps)
    {
        steps.Clear();
        Span<int> order = stackalloc int[MostBins];
        Span<CellSum> before = stackalloc CellSum[MostBins + 1];
        Span<Leaf> leaves = stackalloc Leaf[MostLeaves];
        int count = Order(sums, weights, rules, order);
        before[0] = default;
        for (int i = 0; i < count; i++) before[i + 1] = before[i] + new CellSum(sums[2 * order[i]], sums[2 * order[i] + 1], weights[order[i]]);
        leaves[0] = Leaf.Of(0, count, double.NegativeInfinity, double.PositiveInfinity, before, rules, Direction);
        int made = 1;
        while (made < rules.MaxLeaves)
        {
            int best = 0;
            for (int l = 1; l < made; l++)
                if (leaves[l].Gain > leaves[best].Gain) best = l;
            if (!(leaves[best].Gain > 0)) break;
            (leaves[best], leaves[made++]) = leaves[best].Halves(before, rules, Direction);
        }
        foreach (ref readonly var leaf in leaves[..made])
        {
            double step = rules.LearningRate * leaf.Value(before, rules);
            for (int i = leaf.From; i < leaf.To; i++) steps[order[i]] = step;
        }
        if (Bins is { IsCategory: false, HasMissing: true } && rules.Allows(weights[Bins.MissingBin], sums[2 * Bins.MissingBin + 1]))
            steps[Bins.MissingBin] = rules.LearningRate * rules.Value(sums[2 * Bins.MissingBin], sums[2 * Bins.MissingBin + 1]);
    }

    int Order(ReadOnlySpan<double> sums, ReadOnlySpan<double> weights, CutRules rules, Span<int> order)
    {
        if (!Bins.IsCategory)
        {
            for (int bin = 0; bin < Bins.ValueBins; bin++) order[bin] = bin;
            return Bins.ValueBins;
        }
        Span<double> keys = stackalloc double[MostBins];
        int count = 0;
        for (int bin = 0; bin < Bins.Bins; bin++)
        {
            if (weights[bin] <= 0) continue;
            keys[count] = sums[2 * bin] / (sums[2 * bin + 1] + rules.CatSmooth + 1e-12);
            order[count++] = bin;
        }
        keys[..count].Sort(order[..count]);
        return count;
    }

    /// <summary>Neighbouring bins, the bounds of their value, and their best cut.</summary>
    struct Leaf
    {
        public int From, To, At;
        public double Gain, Low, High;

        public static Leaf Of(int from, int to, double low, double high, ReadOnlySpan<CellSum> before, CutRules rules, int direction)
        {
            var leaf = new Leaf { From = from, To = to, Low = low, High = high, Gain = double.NegativeInfinity };
            var whole = before[to] - before[from];
            for (int at = from + 1; at < to; at++)
            {
                CellSum left = before[at] - before[from], right = before[to] - before[at];
                if (!rules.Allows(left.W, left.H) || !rules.Allows(right.W, right.H)) continue;
                if (direction != 0 && direction * (rules.Value(right.G, right.H) - rules.Value(left.G, left.H)) < 0) continue;
                double gain = rules.Gain(left.G, left.H) + rules.Gain(right.G, right.H) - rules.Gain(whole.G, whole.H);
                if (gain > leaf.Gain) (leaf.Gain, leaf.At) = (gain, at);
            }
            return leaf;
        }

        /// <summary>Both sides; under a direction, neither may cross the middle between them.</summary>
        public readonly (Leaf, Leaf) Halves(ReadOnlySpan<CellSum> before, CutRules rules, int direction)
        {
            CellSum left = before[At] - before[From], right = before[To] - before[At];
            double middle = (Math.Clamp(rules.Value(left.G, left.H), Low, High) + Math.Clamp(rules.Value(right.G, right.H), Low, High)) / 2;
            var (leftHigh, rightLow) = direction > 0 ? (middle, middle) : (High, Low);
            var (leftLow, rightHigh) = direction < 0 ? (middle, middle) : (Low, High);
            return (Of(From, At, leftLow, leftHigh, before, rules, direction), Of(At, To, rightLow, rightHigh, before, rules, direction));
        }

        public readonly double Value(ReadOnlySpan<CellSum> before, CutRules rules)
        {
            var sum = before[To] - before[From];
            return Math.Clamp(rules.Value(sum.G, sum.H), Low, High);
        }
    }
}
