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
        var table = GridSums.Of(First.Count, Second.Count, sums, weights);
        var turned = table.Turned();
        Tree best = Tree.Best(table, rules), other = Tree.Best(turned, rules);
        steps.Clear();
        if (other.Gain > Math.Max(0, best.Gain)) other.Write(turned, rules, steps, outerStride: 1, innerStride: Second.Count);
        else if (best.Gain > 0) best.Write(table, rules, steps, outerStride: Second.Count, innerStride: 1);
    }

    /// <summary>A cut of the rows, and one of the columns on each side (or none: their number).</summary>
    readonly record struct Tree(double Gain, int Outer, int InnerBelow, int InnerAbove)
    {
        public static Tree Best(GridSums table, CutRules rules)
        {
            var best = new Tree(double.NegativeInfinity, 0, 0, 0);
            double whole = rules.Gain(table.Total.G, table.Total.H);
            for (int outer = 1; outer < table.Rows; outer++)
            {
                var (below, cutBelow) = Side(table.Before(outer), default, rules);
                if (!(below >= 0)) continue;
                var (above, cutAbove) = Side(table.Before(table.Rows), table.Before(outer), rules);
                if (below + above - whole > best.Gain) best = new Tree(below + above - whole, outer, cutBelow, cutAbove);
            }
            return best;
        }

        /// <summary>The best cut of some rows: sums up to their end, less those up to their start (none at the table's start).</summary>
        static (double Gain, int Cut) Side(ReadOnlySpan<CellSum> end, ReadOnlySpan<CellSum> start, CutRules rules)
        {
            int columns = end.Length - 1;
            var whole = start.IsEmpty ? end[columns] : end[columns] - start[columns];
            if (!rules.Allows(whole.W, whole.H)) return (double.NegativeInfinity, columns);
            var best = (Gain: rules.Gain(whole.G, whole.H), Cut: columns);
            for (int cut = 1; cut < columns; cut++)
            {
                var left = start.IsEmpty ? end[cut] : end[cut] - start[cut];
                if (!rules.Allows(left.W, left.H) || !rules.Allows(whole.W - left.W, whole.H - left.H)) continue;
                double gain = rules.Gain(left.G, left.H) + rules.Gain(whole.G - left.G, whole.H - left.H);
                if (gain > best.Gain) best = (gain, cut);
            }
            return best;
        }

        public void Write(GridSums table, CutRules rules, Span<double> steps, int outerStride, int innerStride)
        {
            for (int quadrant = 0; quadrant < 4; quadrant++)
            {
                bool below = quadrant < 2, before = quadrant % 2 == 0;
                int cut = below ? InnerBelow : InnerAbove;
                var (from, to) = below ? (0, Outer) : (Outer, table.Rows);
                var (innerFrom, innerTo) = before ? (0, cut) : (cut, table.Columns);
                var sum = table.Part(from, to, innerFrom, innerTo);
                double step = rules.LearningRate * rules.Value(sum.G, sum.H);
                for (int o = from; o < to; o++)
                    for (int i = innerFrom; i < innerTo; i++) steps[o * outerStride + i * innerStride] = step;
            }
        }
    }
}
