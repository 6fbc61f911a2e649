using System.Numerics;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Kernels;
using Tilth.Models.Trees;

namespace Tilth.Tests.Models.Trees;

public class TreeAttributionTests
{
    [Theory]
    [InlineData(1, 1, false), InlineData(2, 1, false), InlineData(9, 1, false), InlineData(24, 1, true), InlineData(12, 3, false)]
    public void Attributions_are_the_Shapley_values_of_the_game(int leaves, int outputs, bool mean)
    {
        var map = RandomTrees.Map(3, [3, 70], 2);
        for (ulong seed = 0; seed < 6; seed++)
        {
            var ensemble = RandomTrees.Ensemble(map, 4, leaves, seed, outputs, vectorLeaves: seed % 2 == 0, mean);
            var rows = RandomTrees.Rows(map, 5, seed + 100);
            for (int r = 0; r < 5; r++)
            {
                var row = rows.GetRow(r, new float[3], new int[2]);
                double[] contributions = new double[map.Count * outputs], baseline = new double[outputs];
                RowAttribution.Explain(ensemble, row, contributions, baseline);
                for (int k = 0; k < outputs; k++)
                {
                    var expected = BruteForce(ensemble, row, map.Count, k, out double empty);
                    Assert.Equal(empty, baseline[k], 1e-12);
                    for (int f = 0; f < map.Count; f++) Assert.Equal(expected[f], contributions[f * outputs + k], 1e-12);
                }
            }
        }
    }

    [Theory]
    [InlineData(31, 12), InlineData(255, 40), InlineData(3000, 200)]
    public void Baseline_and_parts_add_up_to_the_score(int leaves, int features)
    {
        var map = RandomTrees.Map(features, [5, 300], 7);
        var ensemble = RandomTrees.Ensemble(map, 10, leaves, 3);
        var rows = RandomTrees.Rows(map, 20, 4);
        double[] contributions = new double[map.Count], baseline = new double[1], score = new double[1];
        for (int r = 0; r < 20; r++)
        {
            var row = rows.GetRow(r, new float[features], new int[2]);
            ensemble.ScoreRow(row, score);
            RowAttribution.Explain(ensemble, row, contributions, baseline);
            Assert.Equal(score[0], baseline[0] + contributions.Sum(), 1e-11);
        }
    }

    [Fact]
    public void A_chain_of_a_thousand_features_still_adds_up()
    {
        const int depth = 1000;
        var map = RandomTrees.Map(depth, [], 0);
        var random = new RandomSource(5);
        var tree = new Tree
        {
            Feature = [.. Enumerable.Range(0, depth)], Threshold = new float[depth], MissingLeft = new bool[depth],
            CategoryStart = [.. Enumerable.Repeat(-1, depth)], CategoryBits = [], Output = 0,
            Left = [.. Enumerable.Range(0, depth).Select(n => ~n)], Right = [.. Enumerable.Range(0, depth).Select(n => n == depth - 1 ? ~depth : n + 1)],
            NodeCover = [.. Enumerable.Range(0, depth).Select(n => (double)(depth + 1 - n))], LeafCover = [.. Enumerable.Repeat(1.0, depth + 1)],
            LeafValues = [.. Enumerable.Range(0, depth + 1).Select(_ => random.NextInt(1 << 24))],
        };
        var ensemble = new TreeEnsemble([tree], [0], -24, false, default);
        double[] contributions = new double[depth], baseline = new double[1], score = new double[1];
        for (int stop = 0; stop <= depth; stop += 250)
        {
            var row = new FeatureRow([.. Enumerable.Range(0, depth).Select(f => f >= stop ? -1f : 1f)], [], [], []);
            ensemble.ScoreRow(row, score);
            RowAttribution.Explain(ensemble, row, contributions, baseline);
            Assert.Equal(score[0], baseline[0] + contributions.Sum(), 1e-9);
        }
    }

    [Fact]
    public void Branches_without_training_weight_are_survived()
    {
        var map = RandomTrees.Map();
        var random = new RandomSource(3);
        for (int trial = 0; trial < 50; trial++)
        {
            var tree = RandomTrees.Make(map, 12, random);
            foreach (ref double cover in tree.LeafCover.AsSpan()) if (random.NextInt(2) == 0) cover = 0;
            foreach (ref double cover in tree.NodeCover.AsSpan()) if (random.NextInt(3) == 0) cover = 0;
            var ensemble = new TreeEnsemble([tree], [0], -24, false, default);
            var rows = RandomTrees.Rows(map, 10, (ulong)trial);
            double[] contributions = new double[map.Count], baseline = new double[1], score = new double[1];
            for (int r = 0; r < 10; r++)
            {
                var row = rows.GetRow(r, new float[map.Dense.Count], new int[map.Categories.Count]);
                ensemble.ScoreRow(row, score);
                RowAttribution.Explain(ensemble, row, contributions, baseline);
                Assert.Equal(score[0], baseline[0] + contributions.Sum(), 1e-9);
            }
        }
    }

    /// <summary>Shapley's formula over all subsets of features; an absent feature follows both branches by their cover.</summary>
    static double[] BruteForce(TreeEnsemble ensemble, FeatureRow row, int features, int output, out double empty)
    {
        double factor = Math.ScaleB(1.0, ensemble.ScaleExponent) / (ensemble.IsMean ? ensemble.TreeCount : 1);
        var game = new double[1 << features];
        for (int subset = 0; subset < game.Length; subset++)
        {
            game[subset] = ensemble.Bases[output];
            foreach (var tree in ensemble.Trees) game[subset] += Expect(tree, tree.LeafCount == 1 ? ~0 : 0, row, subset, output);
            game[subset] *= factor;
        }
        empty = game[0];
        var values = new double[features];
        for (int f = 0; f < features; f++)
            for (int subset = 0; subset < game.Length; subset++)
            {
                if ((subset >> f & 1) != 0) continue;
                int size = BitOperations.PopCount((uint)subset);
                values[f] += (game[subset | 1 << f] - game[subset]) * Factorial(size) * Factorial(features - 1 - size) / Factorial(features);
            }
        return values;
    }

    static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    static double Expect(Tree tree, int node, FeatureRow row, int subset, int output)
    {
        if (node < 0)
        {
            int width = tree.LeafValues.Length / tree.LeafCount;
            return output < tree.Output || output >= tree.Output + width ? 0 : tree.LeafValues[~node * width + output - tree.Output];
        }
        if ((subset >> tree.Feature[node] & 1) != 0) return Expect(tree, tree.GoesLeft(node, row) ? tree.Left[node] : tree.Right[node], row, subset, output);
        double left = Cover(tree, tree.Left[node]), right = Cover(tree, tree.Right[node]);
        return (left * Expect(tree, tree.Left[node], row, subset, output) + right * Expect(tree, tree.Right[node], row, subset, output)) / (left + right);
    }

    static double Cover(Tree tree, int child) => child < 0 ? tree.LeafCover[~child] : tree.NodeCover[child];
}
