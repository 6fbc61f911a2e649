using System.Numerics;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Kernels;
using Tilth.Tests.Models.Trees;

namespace Tilth.Tests.Explanation;

/// <summary>Shapley values by their definition, over all subsets, beside what the faster methods say.</summary>
public class ShapleyTests
{
    /// <summary>The definition: the mean over all orders of what a player adds.</summary>
    static double[] ByDefinition(int players, Func<int, double> worth)
    {
        var values = new double[players];
        for (int set = 0; set < 1 << players; set++)
            for (int p = 0; p < players; p++)
                if ((set >> p & 1) == 0)
                {
                    int size = BitOperations.PopCount((uint)set);
                    values[p] += Factorial(size) * Factorial(players - 1 - size) / Factorial(players) * (worth(set | 1 << p) - worth(set));
                }
        return values;
    }

    static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 3, false)]
    [InlineData(3, 1, true)]
    public void Interventional_attributions_of_trees_are_the_definition(ulong seed, int outputs, bool grouped)
    {
        // With grouping, two features come from one column and are known together.
        var plain = RandomTrees.Map(4, [4], 2);
        var map = grouped ? new FeatureMap([new("f", ["x"]), new("g", ["y"]), new("h", ["x"]), new("i", ["z"])], [new(new Feature("c", ["y"]), 4)], [new(new Feature("s", ["t"]), 0, 2, null)]) : plain;
        var model = RandomTrees.Ensemble(plain, 8, 24, seed, outputs);
        var rows = RandomTrees.Rows(map, 12, seed + 1);
        var background = RandomTrees.Rows(map, 7, seed + 2);
        var explained = new InterventionalAttribution(model, background);
        int players = explained.Columns.Count;
        string[] owner = [.. Enumerable.Range(0, map.Count).Select(f => string.Join(" + ", map.SourcesOf(f)))];
        for (int r = 0; r < rows.RowCount; r++)
        {
            double[] contributions = new double[players * outputs], baseline = new double[outputs];
            explained.Explain(rows.GetRow(r, new float[4], new int[1]), contributions, baseline);
            for (int k = 0; k < outputs; k++)
            {
                double Worth(int set) => Enumerable.Range(0, background.RowCount).Average(z => Score(Mix(rows, r, background, z, f => (set >> explained.Columns.ToList().IndexOf(owner[f]) & 1) != 0))[k]);
                double[] expected = ByDefinition(players, Worth);
                for (int p = 0; p < players; p++) Assert.Equal(expected[p], contributions[p * outputs + k], 1e-9);
                Assert.Equal(Worth(0), baseline[k], 1e-9);
                Assert.Equal(Worth((1 << players) - 1), baseline[k] + Enumerable.Range(0, players).Sum(p => contributions[p * outputs + k]), 1e-9);
            }
        }

        double[] Score((float[] Dense, int[] Codes, float[] Sparse) mixed)
        {
            int[] columns = [.. Enumerable.Range(0, mixed.Sparse.Length).Where(i => mixed.Sparse[i] != 0)];
            var scores = new double[outputs];
            model.ScoreRow(new FeatureRow(mixed.Dense, mixed.Codes, columns, Array.ConvertAll(columns, i => mixed.Sparse[i])), scores, compiled: false);
            return scores;
        }
    }

    static (float[], int[], float[]) Mix(FeatureMatrix rows, int r, FeatureMatrix background, int z, Func<int, bool> known)
    {
        float[] own = new float[4], other = new float[4];
        int[] ownCodes = new int[1], otherCodes = new int[1];
        var a = rows.GetRow(r, own, ownCodes);
        var b = background.GetRow(z, other, otherCodes);
        var sparse = new float[2];
        for (int s = 0; s < 2; s++) sparse[s] = known(5 + s) ? a.SparseValue(s) : b.SparseValue(s);
        return ([.. own.Select((value, f) => known(f) ? value : other[f])], [known(4) ? ownCodes[0] : otherCodes[0]], sparse);
    }

    static readonly string[] Names = [.. Enumerable.Range(0, 12).Select(i => $"x{i}")];

    static Table Draw(int rows, int columns, ulong seed)
    {
        var random = new RandomSource(seed);
        return new([.. Names.Take(columns).Select(name => new NumberColumn(name, Enumerable.Range(0, rows).Select(_ => random.NextGaussian()).ToArray()))]);
    }

    static double[][] Rows(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(row => table.Columns.Select(column => ((NumberColumn)column).Values.Span[row]).ToArray())];

    [Fact]
    public void A_few_columns_of_any_model_are_explained_exactly()
    {
        static double F(double[] x) => x[0] * x[1] + Math.Abs(x[2]) - 2 * x[3] * x[0] * x[2];
        Table row = Draw(1, 4, 1), background = Draw(5, 4, 2);
        var found = ShapleySample.Of(table => Array.ConvertAll(Rows(table), F), row, background, Names[..4], 2, 0);
        double Worth(int set) => Rows(background).Average(z => F([.. z.Select((other, c) => (set >> c & 1) != 0 ? Rows(row)[0][c] : other)]));
        double[] expected = ByDefinition(4, Worth);
        for (int c = 0; c < 4; c++) Assert.Equal(expected[c], found.Values[c], 1e-12);
        Assert.All(found.Errors, error => Assert.Equal(0, error));
    }

    [Fact]
    public void Many_columns_add_up_and_lie_within_their_stated_errors()
    {
        // Pairs multiply, so that the value of x_2k is x_2k (x_2k+1 - mean) / 2 and so on: known exactly from the background's means.
        static double F(double[] x) => Enumerable.Range(0, 6).Sum(i => x[2 * i] * x[2 * i + 1]);
        Table row = Draw(1, 12, 3), background = Draw(20, 12, 4);
        var found = ShapleySample.Of(table => Array.ConvertAll(Rows(table), F), row, background, Names, 200, 5);
        Assert.Equal(found.Prediction - found.Baseline, found.Values.Sum(), 1e-9);
        Assert.Equal(F(Rows(row)[0]), found.Prediction, 1e-12);
        double[][] z = Rows(background);
        double[] x = Rows(row)[0];
        for (int c = 0; c < 12; c++)
        {
            int mate = c ^ 1;
            double alone = z.Average(other => (x[c] - other[c]) * other[mate]), with = z.Average(other => x[mate] * (x[c] - other[c]));
            Assert.InRange(found.Values[c] - (alone + with) / 2, -5 * found.Errors[c] - 1e-9, 5 * found.Errors[c] + 1e-9);
        }
        Assert.Equal(found.Values, ShapleySample.Of(table => Array.ConvertAll(Rows(table), F), row, background, Names, 200, 5).Values);
    }
}
