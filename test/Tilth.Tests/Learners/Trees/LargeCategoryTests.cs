using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Models.Trees;
using Tilth.Parallelism;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Trees;

/// <summary>Categories of more levels than a byte holds.</summary>
public class LargeCategoryTests
{
    static readonly GradientBoosting Learner = new() { NEstimators = 60, LearningRate = 0.1, EarlyStoppingRounds = 0, BaggingFraction = 1, FeatureFraction = 1 };

    [Fact]
    public void No_row_tells_its_own_target()
    {
        // Every level stands in one row: whoever looks at that row's own target explains everything, and nothing is to be explained.
        const int Rows = 2000;
        var random = new RandomSource(1);
        double[] y = [.. Enumerable.Range(0, Rows).Select(_ => random.NextGaussian())];
        var model = (TreeEnsemble)Learner.Fit(Set([.. Enumerable.Range(0, Rows)], Rows, y), FitContext.Default);
        Assert.All(model.Trees, tree => Assert.Empty(tree.Feature));
    }

    [Theory, InlineData(TaskKind.Regression), InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass)]
    public void Each_level_keeps_its_own_effect(TaskKind task)
    {
        const int Rows = 12_000, Learned = 8000, Levels = 1000;
        var random = new RandomSource(2);
        double[] effects = [.. Enumerable.Range(0, Levels).Select(_ => 2 * random.NextGaussian())];
        int[] codes = [.. Enumerable.Range(0, Rows).Select(_ => random.NextInt(Levels))];
        double[] z = [.. codes.Select(code => effects[code] + 0.3 * random.NextGaussian())];
        double[] y = task == TaskKind.Regression ? z : [.. z.Select(value => task == TaskKind.Binary ? value > 0 ? 1.0 : 0 : value < -1 ? 0 : value < 1 ? 1 : 2)];
        var set = Set(codes, Levels, y, task);
        var model = Learner.Fit(set.View([.. Enumerable.Range(0, Learned)]), FitContext.Default);
        int outputs = model.OutputCount;
        var found = new double[(Rows - Learned) * outputs];
        model.Predict(set.Features, Learned, Rows - Learned, found);
        // With the rare levels in one bin, three of four rows would be of an unknown level.
        if (task == TaskKind.Regression)
            Assert.InRange(found.Zip(y.Skip(Learned)).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second)), 0.08, 0.6);
        else
            Assert.InRange(Enumerable.Range(0, Rows - Learned).Count(i => Best(found.AsSpan(i * outputs, outputs)) == y[Learned + i]) / (double)(Rows - Learned), 0.8, 1);
    }

    [Fact]
    public void The_model_says_what_training_saw_also_of_missing_and_unseen_levels()
    {
        const int Rows = 6000, Learned = 4000, Levels = 700;
        var random = new RandomSource(3);
        // The upper half of the levels occurs only in the rows to stop by.
        int[] codes = [.. Enumerable.Range(0, Rows).Select(row => random.NextInt(15) == 0 ? -1 : random.NextInt(row < Learned ? Levels / 2 : Levels))];
        double[] y = [.. codes.Select(code => code < 0 ? 4 : code % 9 + 0.5 * random.NextGaussian())];
        var set = Set(codes, Levels, y);
        int[] learned = [.. Enumerable.Range(0, Learned)], others = [.. Enumerable.Range(Learned, Rows - Learned)];
        using var pool = new WorkerPool(3);
        foreach (var workers in (WorkerPool[])[WorkerPool.Single, pool])
        {
            var told = new Told();
            var model = (Learner with { EarlyStoppingRounds = 60 }).Fit(set.View(learned, others), FitContext.Default with { Workers = workers, Progress = told });
            var found = new double[others.Length];
            model.Predict(set.Features, Learned, others.Length, found);
            Assert.Equal(2 * told.Scores.Min(), found.Zip(y.Skip(Learned)).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second)), 1e-4);
        }
    }

    static int Best(Span<double> p) => p.Length == 1 ? p[0] > 0.5 ? 1 : 0 : p.IndexOf(Math.Max(p[0], Math.Max(p[1], p[2])));

    static TrainingSet Set(int[] codes, int levels, double[] y, TaskKind task = TaskKind.Regression)
        => new(new FeatureMatrix(ContractData.MapOf(0, [levels], 0), codes.Length, [], [codes], null), new Target(ContractData.TargetOf(task), y));

    sealed class Told : IProgress<FitProgress>
    {
        public List<double> Scores { get; } = [];
        public void Report(FitProgress value) => Scores.Add(value.Score!.Value);
    }
}
