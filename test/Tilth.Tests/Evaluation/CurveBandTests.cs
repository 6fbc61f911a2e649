using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Kernels;

namespace Tilth.Tests.Evaluation;

public class CurveBandTests
{
    static readonly TargetSchema Two = new() { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };

    static ProbabilityCurves Curves(double[] targets, double[] scores, int resamples = 100) => Evaluator.Evaluate(new(Two, targets), scores, new() { Resamples = resamples }).Curves!;

    [Fact]
    public void Net_benefit_is_what_its_definition_counts()
    {
        // Vickers & Elkin, 2006: true positives / n - false positives / n x t / (1 - t).
        double[] targets = [1, 0, 1, 0, 0, 1, 0, 0, 0, 0], scores = [0.9, 0.8, 0.7, 0.6, 0.31, 0.3, 0.2, 0.2, 0.1, 0.05];
        foreach (var point in Curves(targets, scores).NetBenefit)
        {
            double found = Enumerable.Range(0, 10).Count(i => scores[i] >= point.X && targets[i] == 1), alarms = Enumerable.Range(0, 10).Count(i => scores[i] >= point.X && targets[i] == 0);
            Assert.Equal(found / 10 - alarms / 10 * point.X / (1 - point.X), point.Value, 1e-12);
        }
    }

    /// <summary>p uniform: of the rows above t, the share (1 + t) / 2 is positive; half of all are.</summary>
    static IEnumerable<(BandPoint Point, double Truth)> Honest(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        double[] scores = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())], targets = Array.ConvertAll(scores, p => random.NextDouble() < p ? 1.0 : 0);
        var curves = Curves(targets, scores);
        return curves.Gains.SkipLast(1).Select(point => (point, 1 - (1 - point.X) * (1 - point.X)))
            .Concat(curves.RocBand.Skip(1).SkipLast(1).Select(point => (point, 1 - Math.Pow(1 - Math.Sqrt(point.X), 2)))) // alarms = (1 - t)^2, found = 1 - t^2
            .Concat(curves.RecallBand.SkipLast(1).Select(point => (point, (1 + Math.Sqrt(1 - point.X)) / 2)))
            .Concat(curves.NetBenefit.Where(point => point.X < 0.9).Select(point => (point, (1 - point.X * point.X) / 2 - (1 - point.X) * point.X / 2)));
    }

    [Fact]
    public void Curves_of_honest_uniform_probabilities_are_their_formulas()
    {
        foreach (var (point, truth) in Honest(20_000, 9)) Assert.Equal(truth, point.Value, 0.025);
    }

    [Fact]
    public void The_truth_lies_in_the_bands_in_about_19_of_20_cases()
    {
        var all = Enumerable.Range(0, 30).SelectMany(i => Honest(1000, 100 + (ulong)i)).ToList();
        Assert.InRange(all.Count(one => one.Truth >= one.Point.Lower && one.Truth <= one.Point.Upper) / (double)all.Count, 0.91, 0.98);
    }

    [Fact]
    public void Equal_scores_are_shared_and_one_class_has_no_bands()
    {
        var flat = Curves([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]);
        Assert.All(flat.RocBand, point => Assert.Equal(point.X, point.Value, 1e-12));
        Assert.All(flat.Gains, point => Assert.Equal(point.X, point.Value, 1e-12));
        Assert.Empty(Curves([1, 1, 1], [0.2, 0.3, 0.4]).NetBenefit);
    }
}
