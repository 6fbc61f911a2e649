namespace Tilth.Learners.Additive;

/// <summary>
/// A heat map over two features' groups of bins: a tree cuts one feature, then each side cuts the other where it likes
/// (Lou et al., 2013, section 4.1). Both orders are tried.
/// </summary>
internal sealed class GridTerm : BoostedTerm
{
    public required PairAxis First { get; init; }

    public required PairAxis Second { get; init; }

    public override void Cut(ReadOnlySpan<double> sums, ReadOnlySpan<double> weights, CutRules rules, Span<double> steps)
    {
        var table = new GridSums(First.Count, Second.Count, sums, weights);
        var plain = Tree.Best(table, rules, swapped: false);
        var swapped = Tree.Best(table, rules, swapped: true);
        var best = swapped.Gain > plain.Gain ? swapped : plain;
        steps.Clear();
        if (best.Gain > 0) best.Write(table, rules, steps);
    }

    /// <summary>A cut of the outer feature, and one of the inner on each side (or none: the inner's end).</summary>
    struct Tree
    {
        public double Gain;
        bool swapped;
        int outer, innerBelow, innerAbove;

        public static Tree Best(GridSums table, CutRules rules, bool swapped)
        {
            int outers = swapped ? table.Columns : table.Rows;
            var all = table.Total;
            var best = new Tree { Gain = double.NegativeInfinity };
            for (int outer = 1; outer < outers; outer++)
            {
                var (below, cutBelow) = Side(table, rules, swapped, 0, outer);
                var (above, cutAbove) = Side(table, rules, swapped, outer, outers);
                double gain = below + above - rules.Gain(all.G, all.H);
                if (gain > best.Gain) best = new Tree { Gain = gain, swapped = swapped, outer = outer, innerBelow = cutBelow, innerAbove = cutAbove };
            }
            return best;
        }

        static (double Gain, int Cut) Side(GridSums table, CutRules rules, bool swapped, int from, int to)
        {
            int inners = swapped ? table.Rows : table.Columns;
            var whole = table.Part(swapped, from, to, 0, inners);
            if (!rules.Allows(whole.W, whole.H)) return (double.NegativeInfinity, inners);
            var best = (Gain: rules.Gain(whole.G, whole.H), Cut: inners);
            for (int cut = 1; cut < inners; cut++)
            {
                var left = table.Part(swapped, from, to, 0, cut);
                var right = whole - left;
                if (!rules.Allows(left.W, left.H) || !rules.Allows(right.W, right.H)) continue;
                double gain = rules.Gain(left.G, left.H) + rules.Gain(right.G, right.H);
                if (gain > best.Gain) best = (gain, cut);
            }
            return best;
        }

        public readonly void Write(GridSums table, CutRules rules, Span<double> steps)
        {
            int outers = swapped ? table.Columns : table.Rows, inners = swapped ? table.Rows : table.Columns;
            Fill(table, rules, steps, 0, outer, 0, innerBelow);
            Fill(table, rules, steps, 0, outer, innerBelow, inners);
            Fill(table, rules, steps, outer, outers, 0, innerAbove);
            Fill(table, rules, steps, outer, outers, innerAbove, inners);
        }

        readonly void Fill(GridSums table, CutRules rules, Span<double> steps, int from, int to, int innerFrom, int innerTo)
        {
            var sum = table.Part(swapped, from, to, innerFrom, innerTo);
            double step = rules.LearningRate * rules.Value(sum.G, sum.H);
            for (int o = from; o < to; o++)
                for (int i = innerFrom; i < innerTo; i++) steps[swapped ? i * table.Columns + o : o * table.Columns + i] = step;
        }
    }
}
