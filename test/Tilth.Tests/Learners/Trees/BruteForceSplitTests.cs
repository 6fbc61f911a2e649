using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Models.Trees;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Trees;

/// <summary>One tree of one cut against a search over every cut that there is.</summary>
public class BruteForceSplitTests
{
    static readonly GradientBoosting Stump = new()
    {
        NEstimators = 1, NumLeaves = 2, LearningRate = 1, EarlyStoppingRounds = 0, MinDataInLeaf = 3, LambdaL2 = 0.5, BaggingFraction = 1, FeatureFraction = 1,
        CatSmooth = 0, CatL2 = 0, MinDataPerGroup = 0, MaxCatThreshold = 256,
    };

    [Fact]
    public void A_stump_on_numbers_with_gaps_is_the_best_of_all_stumps()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new RandomSource(seed);
            var columns = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 60)
                .Select(_ => random.NextInt(8) == 0 ? float.NaN : (float)random.NextInt(5)).ToArray()).ToArray();
            var y = Enumerable.Range(0, 60).Select(row => (float.IsNaN(columns[1][row]) ? 2 : columns[1][row] > 2 ? 1 : 0) + 0.5 * random.NextGaussian()).ToArray();
            double best = 0;
            foreach (var column in columns)
                foreach (float threshold in column.Where(x => !float.IsNaN(x)).Distinct())
                    foreach (bool missingLeft in (bool[])[false, true])
                        best = Math.Max(best, Gain(y, row => float.IsNaN(column[row]) ? missingLeft : column[row] <= threshold));
            AssertSame(best, columns, [], y);
        }
    }

    [Fact]
    public void A_stump_on_a_category_is_the_best_of_all_sets()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new RandomSource(seed);
            var effects = Enumerable.Range(0, 7).Select(_ => random.NextGaussian()).ToArray();
            var codes = Enumerable.Range(0, 80).Select(_ => random.NextInt(7)).ToArray();
            var y = codes.Select(code => effects[code] + 0.3 * random.NextGaussian()).ToArray();
            double best = 0;
            for (int set = 1; set < 127; set++) best = Math.Max(best, Gain(y, row => (set >> codes[row] & 1) != 0));
            AssertSame(best, [], [codes], y);
        }
    }

    [Fact]
    public void A_leaf_is_the_shrunken_mean()
    {
        float[] x = [.. Enumerable.Range(0, 40).Select(i => (float)(i / 20))];
        double[] y = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 1.25 : 7.75)];
        var model = Fit(Stump with { LambdaL2 = 3 }, [x], [], y);
        Span<double> score = stackalloc double[1];
        model.ScoreRow(new FeatureRow([0f], [], [], []), score);
        // The start is the mean 4.5; -G / (H + lambda) = -20 x 3.25 / (20 + 3).
        Assert.Equal(4.5 - 65.0 / 23, score[0], 1e-6);
    }

    static double Gain(double[] y, Func<int, bool> left)
    {
        double mean = y.Average();
        double Side(bool side)
        {
            var rows = Enumerable.Range(0, y.Length).Where(row => left(row) == side).ToList();
            if (rows.Count < 3) return double.NegativeInfinity;
            double g = rows.Sum(row => mean - y[row]);
            return g * g / (rows.Count + 0.5);
        }
        return Side(true) + Side(false);
    }

    static void AssertSame(double best, float[][] dense, int[][] codes, double[] y)
    {
        var tree = Fit(Stump, dense, codes, y).Trees[0];
        var features = Features(dense, codes, y.Length);
        var buffers = (new float[dense.Length], new int[codes.Length]);
        var side = Enumerable.Range(0, y.Length).Select(row => tree.FindLeaf(features.GetRow(row, buffers.Item1, buffers.Item2)) == 0).ToArray();
        Assert.Equal(best, Gain(y, row => side[row]), 1e-3 * best);
    }

    static FeatureMatrix Features(float[][] dense, int[][] codes, int rows)
        => new(ContractData.MapOf(dense.Length, [.. codes.Select(c => c.Max() + 1)], 0), rows, dense, codes, null);

    static TreeEnsemble Fit(GradientBoosting learner, float[][] dense, int[][] codes, double[] y)
        => (TreeEnsemble)learner.Fit(new TrainingSet(Features(dense, codes, y.Length), new Target(ContractData.TargetOf(TaskKind.Regression), y)), FitContext.Default);
}
