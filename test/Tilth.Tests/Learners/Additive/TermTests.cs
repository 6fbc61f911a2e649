using Tilth.Kernels;
using Tilth.Learners.Additive;
using Tilth.Learners.Trees;

namespace Tilth.Tests.Learners.Additive;

/// <summary>The tiny trees and FAST, beside brute force.</summary>
public class TermTests
{
    static readonly CutRules Rules = new(1, 3, 2, 0, 1);

    static (double[] Sums, double[] Weights) Draw(int cells, ulong seed)
    {
        var random = new RandomSource(seed);
        double[] sums = new double[2 * cells + 2], weights = new double[cells + 1];
        for (int cell = 0; cell < cells; cell++)
        {
            weights[cell] = random.NextInt(5);
            if (weights[cell] > 0) (sums[2 * cell], sums[2 * cell + 1]) = (random.NextGaussian(), weights[cell] * (0.5 + random.NextDouble()));
        }
        return (sums, weights);
    }

    [Fact]
    public void The_pair_score_is_the_loss_that_the_best_four_quadrants_save()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var (sums, weights) = Draw(4 * 5, seed);
            double best = 0;
            for (int row = 1; row < 4; row++)
                for (int column = 1; column < 5; column++)
                {
                    double[] g = new double[4], h = new double[4], w = new double[4];
                    for (int cell = 0; cell < 20; cell++)
                    {
                        int quadrant = (cell / 5 < row ? 0 : 2) + (cell % 5 < column ? 0 : 1);
                        g[quadrant] += sums[2 * cell];
                        h[quadrant] += sums[2 * cell + 1];
                        w[quadrant] += weights[cell];
                    }
                    if (w.Min() < 2) continue;
                    double whole = -g.Sum() / h.Sum();
                    best = Math.Max(best, Enumerable.Range(0, 4).Sum(q => Saved(g[q], h[q], -g[q] / h[q]) - Saved(g[q], h[q], whole)));
                }
            Assert.Equal(best, PairScores.Of(GridSums.Of(4, 5, sums, weights), Rules), 1e-9 * Math.Max(1, best));
        }
    }

    /// <summary>Twice the loss that a step saves, by the loss's second-order expansion.</summary>
    static double Saved(double g, double h, double step) => -(2 * g * step + h * step * step);

    [Fact]
    public void Two_leaves_are_the_best_cut_of_a_line()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var (sums, weights) = Draw(9, seed);
            var term = Line(new BinColumn { Feature = 0, ValueBins = 8, HasMissing = true, Edges = new float[7] });
            var steps = new double[10];
            term.Cut(sums, weights, Rules with { MaxLeaves = 2 }, steps);
            double best = 0;
            for (int cut = 1; cut < 8; cut++)
                if (weights[..cut].Sum() >= 2 && weights[cut..8].Sum() >= 2)
                    best = Math.Max(best, Gain(sums, Enumerable.Range(0, cut)) + Gain(sums, Enumerable.Range(cut, 8 - cut)) - Gain(sums, Enumerable.Range(0, 8)));
            double found = Enumerable.Range(0, 8).GroupBy(bin => steps[bin]).Sum(leaf => Gain(sums, leaf)) - Gain(sums, Enumerable.Range(0, 8));
            Assert.Equal(best, found, 1e-9);
            Assert.Equal(weights[8] >= 2 ? -sums[16] / sums[17] : 0, steps[8], 1e-12);
            Assert.Equal(0, steps[9]);
        }
    }

    [Fact]
    public void A_pair_s_tree_is_the_best_of_two_levels()
    {
        const int height = 4, width = 5;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var (sums, weights) = Draw(height * width, seed);
            var steps = new double[height * width + 1];
            new GridTerm { First = Axis(height), Second = Axis(width), Cells = [], CellCount = height * width + 1 }.Cut(sums, weights, Rules, steps);
            double best = 0;
            foreach (bool byRow in (bool[])[true, false])
                for (int outer = 1; outer < (byRow ? height : width); outer++)
                {
                    double gain = -Gain(sums, Enumerable.Range(0, height * width));
                    foreach (bool below in (bool[])[true, false])
                    {
                        int[] side = [.. Enumerable.Range(0, height * width).Where(cell => (byRow ? cell / width : cell % width) < outer == below)];
                        double own = side.Sum(cell => weights[cell]) >= 2 ? Gain(sums, side) : double.NegativeInfinity;
                        for (int inner = 1; inner < (byRow ? width : height); inner++)
                        {
                            var halves = side.ToLookup(cell => (byRow ? cell % width : cell / width) < inner);
                            if (halves[true].Sum(cell => weights[cell]) >= 2 && halves[false].Sum(cell => weights[cell]) >= 2)
                                own = Math.Max(own, Gain(sums, halves[true]) + Gain(sums, halves[false]));
                        }
                        gain += own;
                    }
                    best = Math.Max(best, gain);
                }
            int[] all = [.. Enumerable.Range(0, height * width).Where(cell => weights[cell] > 0)];
            Assert.Equal(best, all.GroupBy(cell => steps[cell]).Sum(leaf => Gain(sums, leaf)) - Gain(sums, all), 1e-9);
        }
    }

    static PairAxis Axis(int groups)
        => PairAxis.Of(Line(new BinColumn { Feature = 0, ValueBins = groups, HasMissing = false, Edges = new float[groups - 1] }), [.. Enumerable.Repeat(1.0, groups)], [], 32);

    [Fact]
    public void Two_leaves_are_the_best_set_of_categories()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var (sums, weights) = Draw(6, seed);
            var rules = Rules with { MaxLeaves = 2, MinWeight = 0, CatSmooth = 0 };
            var steps = new double[7];
            Line(new BinColumn { Feature = 0, ValueBins = 6, HasMissing = false, BinOfCode = [0, 1, 2, 3, 4, 5] }).Cut(sums, weights, rules, steps);
            int[] all = [.. Enumerable.Range(0, 6).Where(bin => weights[bin] > 0)];
            double best = 0;
            for (int set = 1; set < 63; set++)
                best = Math.Max(best, Gain(sums, all.Where(bin => (set >> bin & 1) != 0)) + Gain(sums, all.Where(bin => (set >> bin & 1) == 0)) - Gain(sums, all));
            Assert.Equal(best, all.GroupBy(bin => steps[bin]).Sum(leaf => Gain(sums, leaf)) - Gain(sums, all), 1e-9);
        }
    }

    [Fact]
    public void Sums_by_cell_have_the_reference_s_bits()
    {
        var random = new RandomSource(3);
        for (int count = 0; count <= 70; count++)
        {
            ushort[] cells = [.. Enumerable.Range(0, count).Select(_ => (ushort)random.NextInt(5))];
            float[] g = [.. cells.Select(_ => (float)random.NextGaussian())], h = [.. cells.Select(_ => (float)random.NextDouble())];
            double[] sums = new double[10], expected = new double[10];
            CellKernel.Sum(cells, g, h, sums);
            CellKernel.Scalar(cells, g, h, expected);
            Assert.Equal(expected, sums);
        }
    }

    static LineTerm Line(BinColumn bins) => new() { Column = 0, Bins = bins, Cells = [], CellCount = bins.Bins + 1, Direction = 0 };

    static double Gain(double[] sums, IEnumerable<int> bins)
    {
        double g = bins.Sum(bin => sums[2 * bin]), h = bins.Sum(bin => sums[2 * bin + 1]);
        return h > 0 ? g * g / h : 0;
    }
}
