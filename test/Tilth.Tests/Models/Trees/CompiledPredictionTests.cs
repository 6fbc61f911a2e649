using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models.Trees;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Models.Trees;

public class CompiledPredictionTests
{
    [Theory]
    [InlineData(1, 1, 1, 0), InlineData(1, 31, 1, 0), InlineData(100, 2, 1, 0), InlineData(200, 31, 1, 0), InlineData(30, 31, 3, 0)]
    [InlineData(30, 31, 3, 1), InlineData(20, 256, 1, 0), InlineData(6, 600, 2, 1), InlineData(20, 40, 1, 2), InlineData(400, 12, 1, 0)]
    [InlineData(201, 31, 1, 3), InlineData(61, 32, 3, 3), InlineData(30, 250, 1, 3), InlineData(9, 5000, 1, 3)]
    public void Every_form_gives_the_bits_of_the_walk(int trees, int leaves, int outputs, int variant)
    {
        // Sets of a category with few levels repeat, so that single rows pay for their bins (variant 3).
        var map = variant == 3 ? RandomTrees.Map(9, [3], 0) : RandomTrees.Map(sparse: variant == 2 ? 4 : 0);
        foreach (int distinct in (int[])[20, 5000])
        {
            var ensemble = RandomTrees.Ensemble(map, trees, leaves, (ulong)leaves, outputs, vectorLeaves: variant == 1, mean: variant == 1, distinct);
            var rows = RandomTrees.Rows(map, 900, 9);
            foreach (var (start, count) in ((int, int)[])[(0, 900), (3, 1), (5, 2), (7, 63), (1, 64), (2, 65), (100, 256), (100, 257), (0, 0)])
            {
                double[] expected = new double[count * outputs], scores = new double[count * outputs];
                Walk(ensemble, rows, start, expected);
                ensemble.Score(rows, start, count, scores);
                Assert.Equal(expected, scores);
                float[] dense = new float[map.Dense.Count];
                int[] codes = new int[map.Categories.Count];
                for (int r = 0; r < Math.Min(count, 70); r++) ensemble.ScoreRow(rows.GetRow(start + r, dense, codes), scores.AsSpan(r * outputs, outputs));
                Assert.Equal(expected, scores);
            }
        }
    }

    [Fact]
    public void Leaves_that_would_leave_32_bits_together_are_summed_exactly()
    {
        var map = RandomTrees.Map(sparse: 0);
        var random = new RandomSource(1);
        var trees = Enumerable.Range(0, 300).Select(_ => RandomTrees.Make(map, 9, random)).ToArray();
        foreach (var tree in trees)
            for (int leaf = 0; leaf < 9; leaf++) tree.LeafValues[leaf] = leaf % 4 == 0 ? int.MinValue : int.MaxValue - leaf;
        var ensemble = new TreeEnsemble(trees, [1L << 50], -24, false, default);
        var rows = RandomTrees.Rows(map, 300, 2);
        double[] expected = new double[300], scores = new double[300];
        Walk(ensemble, rows, 0, expected);
        ensemble.Score(rows, 0, 300, scores);
        Assert.Equal(expected, scores);
    }

    [Fact]
    public void Threads_may_share_an_ensemble_from_its_first_use()
    {
        var map = RandomTrees.Map(sparse: 0);
        var rows = RandomTrees.Rows(map, 500, 2);
        for (ulong seed = 0; seed < 10; seed++)
        {
            var ensemble = RandomTrees.Ensemble(map, 50, 31, seed);
            var expected = new double[500];
            Walk(ensemble, rows, 0, expected);
            Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ =>
            {
                var scores = new double[500];
                ensemble.Score(rows, 0, 500, scores);
                Assert.Equal(expected, scores);
            });
        }
    }

    [Fact]
    public void A_second_call_allocates_nothing()
    {
        var map = RandomTrees.Map(sparse: 0);
        var ensemble = RandomTrees.Ensemble(map, 50, 31, 1);
        var rows = RandomTrees.Rows(map, 500, 2);
        double[] scores = new double[500], contributions = new double[map.Count], baseline = new double[1];
        float[] dense = new float[map.Dense.Count];
        int[] codes = new int[map.Categories.Count];
        Run();
        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            ensemble.Score(rows, 0, 500, scores);
            var row = rows.GetRow(1, dense, codes);
            ensemble.ScoreRow(row, scores);
            Tilth.Explanation.RowAttribution.Explain(ensemble, row, contributions, baseline);
        }
    }

    static void Walk(TreeEnsemble ensemble, FeatureMatrix rows, int start, double[] scores)
    {
        int outputs = ensemble.OutputCount;
        float[] dense = new float[rows.Map.Dense.Count];
        int[] codes = new int[rows.Map.Categories.Count];
        for (int r = 0; r < scores.Length / outputs; r++)
            ensemble.ScoreRow(rows.GetRow(start + r, dense, codes), scores.AsSpan(r * outputs, outputs), compiled: false);
    }
}
