namespace Tilth.Learners.Additive;

/// <summary>
/// FAST (Lou et al., 2013, section 4.2): how much of the loss that is left two features foresee together, by the best cut of
/// both into four quadrants with a Newton step each: the sum of G_q^2 / H_q, less G^2 / H of all.
/// </summary>
internal static class PairScores
{
    /// <summary>The best cut's saving; 0 if no cut leaves enough rows in each quadrant.</summary>
    public static double Of(GridSums table, CutRules rules)
    {
        double best = 0, whole = rules.Gain(table.Total.G, table.Total.H);
        for (int row = 1; row < table.Rows; row++)
            for (int column = 1; column < table.Columns; column++)
            {
                var a = table.Part(0, row, 0, column);
                var b = table.Part(0, row, column, table.Columns);
                var c = table.Part(row, table.Rows, 0, column);
                var d = table.Part(row, table.Rows, column, table.Columns);
                if (!rules.Allows(a.W, a.H) || !rules.Allows(b.W, b.H) || !rules.Allows(c.W, c.H) || !rules.Allows(d.W, d.H)) continue;
                best = Math.Max(best, rules.Gain(a.G, a.H) + rules.Gain(b.G, b.H) + rules.Gain(c.G, c.H) + rules.Gain(d.G, d.H) - whole);
            }
        return best;
    }

    /// <summary>The score of two axes: the sum over the bags, of every step-th row.</summary>
    public static double Of(PairAxis first, PairAxis second, IReadOnlyList<Bag> bags, double[] rowWeights, int rowStep, CutRules rules)
    {
        int size = first.Count * second.Count;
        var sums = new double[2 * size + 2];
        var weights = new double[size + 1];
        ushort[] a = first.Line.Cells, b = second.Line.Cells;
        double total = 0;
        foreach (var bag in bags)
        {
            Array.Clear(sums);
            Array.Clear(weights);
            for (int i = 0; i < a.Length; i += rowStep)
            {
                float h = bag.Hessians[i];
                byte groupA = first.GroupOfBin[a[i]], groupB = second.GroupOfBin[b[i]];
                if (h == 0 || groupA == PairAxis.Nowhere || groupB == PairAxis.Nowhere) continue;
                int cell = groupA * second.Count + groupB;
                sums[2 * cell] += bag.Gradients[i];
                sums[2 * cell + 1] += h;
                weights[cell] += rowWeights[i];
            }
            total += Of(GridSums.Of(first.Count, second.Count, sums, weights), rules);
        }
        return total;
    }
}
