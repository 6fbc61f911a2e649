namespace Tilth.Learners.Additive;

/// <summary>
/// FAST (Lou et al., 2013, section 4.2): how much of the residuals two features foresee together, by the best cut of both
/// into four quadrants. We count only the part beyond the sum of two features: with Newton steps m_q = -G_q / H_q in the
/// quadrants, the weighted squares that a 2 x 2 table saves over an additive one are (m_11 - m_12 - m_21 + m_22)^2 / sum of 1 / H_q.
/// So curves that stopped early cannot pass for interactions.
/// </summary>
internal static class PairScores
{
    /// <summary>The best cut's saving; 0 if no cut leaves enough rows in each quadrant.</summary>
    public static double Of(GridSums table, CutRules rules)
    {
        double best = 0;
        for (int row = 1; row < table.Rows; row++)
            for (int column = 1; column < table.Columns; column++)
            {
                var a = table.Part(0, row, 0, column);
                var b = table.Part(0, row, column, table.Columns);
                var c = table.Part(row, table.Rows, 0, column);
                var d = table.Part(row, table.Rows, column, table.Columns);
                if (!rules.Allows(a.W, a.H) || !rules.Allows(b.W, b.H) || !rules.Allows(c.W, c.H) || !rules.Allows(d.W, d.H)) continue;
                double contrast = a.G / a.H - b.G / b.H - c.G / c.H + d.G / d.H;
                best = Math.Max(best, contrast * contrast / (1 / a.H + 1 / b.H + 1 / c.H + 1 / d.H));
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
