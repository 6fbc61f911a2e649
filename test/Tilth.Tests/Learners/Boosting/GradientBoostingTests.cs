using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Learners.Losses;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Boosting;

public class GradientBoostingTests
{
    [Fact]
    public void A_monotone_feature_never_moves_the_score_the_wrong_way()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var random = new RandomSource(seed);
            var x = Columns(random, 3, 600);
            var y = Enumerable.Range(0, 600).Select(row => x[0][row] + Math.Sin(5 * x[0][row]) * x[1][row] - x[2][row] + random.NextGaussian()).ToArray();
            var learner = new GradientBoosting { NEstimators = 60, EarlyStoppingRounds = 0, MinDataInLeaf = 3, MonotoneConstraints = [1, 0, -1] };
            var model = learner.Fit(Set(x, y), FitContext.Default);
            for (int trial = 0; trial < 300; trial++)
            {
                float[] row = [(float)random.NextGaussian(), (float)random.NextGaussian(), (float)random.NextGaussian()];
                double before = Score(model, row);
                float step = (float)Math.Abs(random.NextGaussian());
                Assert.True(Score(model, [row[0] + step, row[1], row[2]]) >= before);
                Assert.True(Score(model, [row[0], row[1], row[2] + step]) <= before);
            }
        }
    }

    [Fact]
    public void Features_of_different_groups_never_meet_on_a_path()
    {
        var random = new RandomSource(7);
        var x = Columns(random, 4, 500);
        var y = Enumerable.Range(0, 500).Select(row => (double)(x[0][row] * x[1][row] + x[2][row] * x[3][row])).ToArray();
        var learner = new GradientBoosting { NEstimators = 30, EarlyStoppingRounds = 0, MinDataInLeaf = 5, InteractionConstraints = [[0, 1], [2]] };
        foreach (var tree in ((TreeEnsemble)learner.Fit(Set(x, y), FitContext.Default)).Trees)
            Assert.All(PathsOf(tree, 0), path => Assert.True(path.Count <= 1 || path.SetEquals([0, 1]), string.Join(' ', path)));
    }

    [Fact]
    public void Weights_of_a_thousandth_and_a_million_live_together()
    {
        var random = new RandomSource(8);
        var x = Columns(random, 1, 4000);
        // Heavy rows say 1 above 0 and 0 below; light rows the opposite.
        var heavy = Enumerable.Range(0, 4000).Select(row => row % 2 == 0).ToArray();
        var y = Enumerable.Range(0, 4000).Select(row => x[0][row] > 0 == heavy[row] ? 1.0 : 0).ToArray();
        var weights = heavy.Select(h => h ? 1e6 : 1e-3).ToArray();
        var set = new TrainingSet(Features(x), new Target(ContractData.TargetOf(TaskKind.Binary), y), weights);
        var model = new GradientBoosting { NEstimators = 200, EarlyStoppingRounds = 0 }.Fit(set, FitContext.Default);
        Assert.True(Score(model, [1]) > 4 && Score(model, [-1]) < -4);
    }

    [Fact]
    public void An_outlier_of_a_million_spoils_no_other_leaf()
    {
        var random = new RandomSource(9);
        var x = Columns(random, 2, 2000);
        var y = Enumerable.Range(0, 2000).Select(row => x[0][row] > 0 ? 3.0 : 1).ToArray();
        x[1][17] = 50;
        y[17] = 1e6;
        var model = new GradientBoosting { NEstimators = 300, EarlyStoppingRounds = 0, MinDataInLeaf = 1, LearningRate = 0.2, LambdaL2 = 0, BaggingFraction = 1, FeatureFraction = 1 }.Fit(Set(x, y), FitContext.Default);
        Assert.Equal(1e6, Score(model, [x[0][17], 50]), 1e2);
        Assert.InRange(Score(model, [1, 0]), 2.5, 3.5);
        Assert.InRange(Score(model, [-1, 0]), 0.5, 1.5);
    }

    [Theory, InlineData(BoostingObjective.Absolute), InlineData(BoostingObjective.Huber), InlineData(BoostingObjective.Quantile), InlineData(BoostingObjective.Poisson), InlineData(BoostingObjective.Gamma), InlineData(BoostingObjective.Tweedie)]
    public void Every_loss_finds_its_best_constant_a_side(BoostingObjective objective)
    {
        var random = new RandomSource(10);
        var x = Columns(random, 1, 4000);
        var y = Enumerable.Range(0, 4000).Select(row => (x[0][row] > 0 ? 4 : 1) * -Math.Log(1 - random.NextDouble())).ToArray();
        var model = new GradientBoosting { Objective = objective, Quantile = 0.9, HuberDelta = 1e3, NEstimators = 200, LearningRate = 0.1, NumLeaves = 2, LambdaL2 = 0, EarlyStoppingRounds = 0, BaggingFraction = 1, FeatureFraction = 1 }
            .Fit(Set(x, y), FitContext.Default);
        foreach (float side in (float[])[-1, 1])
        {
            var own = Enumerable.Range(0, 4000).Where(row => x[0][row] > 0 == side > 0).Select(row => y[row]).Order().ToArray();
            double expected = objective switch { BoostingObjective.Absolute => own[own.Length / 2], BoostingObjective.Quantile => own[(int)(0.9 * own.Length)], _ => own.Average() };
            var prediction = new double[1];
            model.PredictRow(new FeatureRow([side], [], [], []), prediction);
            // Other thresholds than 0 join in over 200 rounds, so that a side is not quite constant.
            Assert.Equal(expected, prediction[0], 0.35 * expected);
        }
    }

    [Fact]
    public void Gradients_are_the_slopes_of_the_losses()
    {
        var losses = new IBoostingLoss[] { new LogisticLoss(), new SoftmaxLoss(3), new SquaredLoss(), new HuberLoss(0.7), new QuantileLoss(0.3, "q"), new LogMeanLoss(1, "p"), new LogMeanLoss(1.5, "t"), new LogMeanLoss(2, "g") };
        foreach (var loss in losses)
            foreach (double score in (double[])[-1.3, 0.2, 1.1])
            {
                int outputs = loss.Outputs;
                var scores = Enumerable.Range(0, outputs).Select(k => score * (k + 1)).ToArray();
                float[] g = new float[outputs], h = new float[outputs];
                loss.Gradients(scores, [1.0], g, h);
                for (int k = 0; k < outputs; k++)
                {
                    double At(double move)
                    {
                        var moved = (double[])scores.Clone();
                        moved[k] += move;
                        return loss.Total(moved, [1.0], [1.0]);
                    }
                    Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, g[k], 1e-4);
                }
            }
    }

    [Fact]
    public void Continuing_is_training_on()
    {
        var random = new RandomSource(11);
        var x = Columns(random, 3, 800);
        var set = Set(x, [.. Enumerable.Range(0, 800).Select(row => x[0][row] * x[1][row] + 0.1 * random.NextGaussian())]);
        var learner = new GradientBoosting { NEstimators = 40, EarlyStoppingRounds = 0, BaggingFraction = 1, FeatureFraction = 1 };
        var whole = learner.Fit(set, FitContext.Default);
        var half = (TreeEnsemble)(learner with { NEstimators = 20 }).Fit(set, FitContext.Default);
        var continued = (learner with { NEstimators = 20 }).Continue(half, set, FitContext.Default);
        Assert.Equal(40, continued.TreeCount);
        for (int row = 0; row < 800; row++) Assert.Equal(Score(whole, [x[0][row], x[1][row], x[2][row]]), Score(continued, [x[0][row], x[1][row], x[2][row]]), 0.02);
    }

    [Fact]
    public void Stopping_keeps_the_rounds_up_to_the_best_score_and_tells_each()
    {
        var random = new RandomSource(12);
        var x = Columns(random, 5, 500);
        var set = Set(x, [.. Enumerable.Range(0, 500).Select(row => x[0][row] + 2 * random.NextGaussian())]);
        var told = new Told();
        var view = set.View([.. Enumerable.Range(0, 400)], [.. Enumerable.Range(400, 100)]);
        var model = (TreeEnsemble)new GradientBoosting { EarlyStoppingRounds = 10 }.Fit(view, FitContext.Default with { Progress = told });
        int best = told.Scores.IndexOf(told.Scores.Min());
        Assert.Equal(best + 1, model.TreeCount);
        Assert.Equal(best + 11, told.Scores.Count);
    }

    sealed class Told : IProgress<FitProgress>
    {
        public List<double> Scores { get; } = [];
        public void Report(FitProgress value) => Scores.Add(value.Score!.Value);
    }

    static List<HashSet<int>> PathsOf(Tree tree, int node)
    {
        if (node < 0 || tree.Feature.Length == 0) return [[]];
        return [.. PathsOf(tree, tree.Left[node]).Concat(PathsOf(tree, tree.Right[node])).Select(path => new HashSet<int>([.. path, tree.Feature[node]]))];
    }

    static float[][] Columns(RandomSource random, int columns, int rows)
        => [.. Enumerable.Range(0, columns).Select(_ => Enumerable.Range(0, rows).Select(_ => (float)random.NextGaussian()).ToArray())];

    static FeatureMatrix Features(float[][] x) => new(ContractData.MapOf(x.Length, [], 0), x[0].Length, x, [], null);

    static TrainingSet Set(float[][] x, double[] y) => new(Features(x), new Target(ContractData.TargetOf(TaskKind.Regression), y));

    static double Score(Model model, float[] row)
    {
        Span<double> score = stackalloc double[1];
        model.ScoreRow(new FeatureRow(row, [], [], []), score);
        return score[0];
    }
}
