using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Honesty.Heads;
using Tilth.Kernels;
using Tilth.Learners.Linear;
using Tilth.Models;
using Tilth.Models.Heads;
using Tilth.Tests.Metrics;

namespace Tilth.Tests.Honesty;

public class HeadFitTests
{
    [Fact]
    public void Platt_finds_the_slope_and_intercept_that_were_planted()
    {
        var platt = (PlattCalibrator)CalibratorFits.Platt(Distorted(20_000, slope: 2.5, shift: -0.8, seed: 1));
        Assert.Equal(1 / 2.5, platt.Slope, 0.03);
        Assert.Equal(0.8 / 2.5, platt.Intercept, 0.06);
    }

    /// <summary>
    /// sklearn 1.2.1: m = LogisticRegression(penalty=None, tol=1e-12, max_iter=10000); m.fit(log(p / (1 - p)), y) for Platt,
    /// m.fit([log(p), -log(1 - p)], y) for beta.
    /// </summary>
    [Fact]
    public void Platt_and_beta_equal_an_independent_fit()
    {
        double[] p = [.05, .1, .15, .2, .3, .35, .4, .5, .55, .6, .7, .75, .8, .9, .95, .12, .33, .47, .66, .88], y = [0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1];
        var held = new HeldRows(new(MetricRows.SchemaOf(TaskKind.Binary), y), p);
        var platt = (PlattCalibrator)CalibratorFits.Platt(held);
        Assert.Equal(1.08367099, platt.Slope, 5e-4); // drawn towards 1 by a ridge of 0.001
        Assert.Equal(0.3797946, platt.Intercept, 5e-4);
        var (a, b, c) = ((BetaCalibrator)CalibratorFits.Beta(held)).Parameters;
        Assert.Equal(0.89968043, a, 5e-3);
        Assert.Equal(1.30994782, b, 5e-3);
        Assert.Equal(0.0441301, c, 5e-3);
    }

    [Fact]
    public void Classes_of_a_hundred_rows_are_held_each_on_its_own()
    {
        double[] held = new double[2], rows = new double[2];
        for (ulong seed = 0; seed < 40; seed++)
        {
            var conformal = HeadFit.Of(Distorted(1000, 1, 0, seed), null, false, 1).Head.Conformal!;
            var fresh = Distorted(1000, 1, 0, seed + 100_000);
            for (int row = 0; row < fresh.Count; row++)
            {
                int k = (int)fresh.Target.Values[row];
                rows[k]++;
                if (conformal.Includes(fresh.ProbabilityOf(row, k), k, level: 1)) held[k]++;
            }
        }
        Assert.All(Enumerable.Range(0, 2), k => Assert.Equal(0.9, held[k] / rows[k], 0.012));
    }

    [Fact]
    public void Widths_vary_where_errors_do_and_only_there()
    {
        var varied = HeadFit.Of(Numbers(2000, 7), null, false, 1);
        Assert.True(varied.Conformal!.WidthVaries && varied.Head.Conformal!.Width is not null);
        Assert.True(Width(varied, 3) > 1.5 * Width(varied, 0));
        var random = new RandomSource(9);
        double[] p = [.. Enumerable.Range(0, 2000).Select(_ => random.NextGaussian())];
        var even = HeadFit.Of(new(new(MetricRows.SchemaOf(TaskKind.Regression), [.. p.Select(v => v + random.NextGaussian())]), p), null, false, 1);
        Assert.Null(even.Head.Conformal!.Width);

        static double Width(HeadFit fit, double at) => fit.Head.Conformal!.Interval(at, 1) is var (low, high) ? high - low : 0;
    }

    [Fact]
    public void Isotonic_pools_violators()
    {
        var held = new HeldRows(new(MetricRows.SchemaOf(TaskKind.Binary), [0, 1, 0, 1, 1, 0, 1, 1]), [0.1, 0.2, 0.3, 0.4, 0.4, 0.6, 0.7, 0.8]);
        var isotonic = CalibratorFits.Isotonic(held);
        // sklearn 1.2.1 IsotonicRegression().fit(x, y).predict(x): 0, .5, .5, .6667, .6667, .6667, 1, 1; here kept off 0 and 1 by 1 / (8 + 2).
        double[] expected = [0.1, 0.5, 0.5, 2 / 3.0, 2 / 3.0, 2 / 3.0, 0.9, 0.9];
        for (int i = 0; i < 8; i++)
        {
            double[] p = [held.Predictions[i]];
            isotonic.Apply(p);
            Assert.Equal(expected[i], p[0], 12);
        }
    }

    [Fact]
    public void Temperature_finds_what_was_planted()
    {
        var random = new RandomSource(3);
        const int Rows = 8000;
        double[] p = new double[Rows * 3], y = new double[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double[] logits = [random.NextGaussian(), random.NextGaussian(), random.NextGaussian()], sure = Array.ConvertAll(logits, z => 2 * z);
            Links.Apply(Link.Softmax, logits, 3);
            Links.Apply(Link.Softmax, sure, 3);
            sure.CopyTo(p, row * 3);
            double u = random.NextDouble();
            y[row] = u < logits[0] ? 0 : u < logits[0] + logits[1] ? 1 : 2;
        }
        var schema = MetricRows.SchemaOf(TaskKind.Multiclass);
        var held = new HeldRows(new(schema with { Classes = ["a", "b", "c"] }, y), p);
        Assert.Equal(2, ((TemperatureCalibrator)CalibratorFits.Temperature(held)).Temperature, 0.1);
        Assert.Equal("temperature", HeadFit.Of(held, null, calibrate: true, seed: 1).Calibration!.Kind);
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(6000, "Platt")]
    public void A_calibrator_is_kept_where_it_helps_and_helps_on_fresh_rows(int rows, string? kind)
    {
        var fit = HeadFit.Of(Distorted(rows, 2.5, -0.8, 4), null, calibrate: true, seed: 1);
        Assert.NotEqual("none", fit.Calibration!.Kind);
        if (kind is not null) Assert.Equal(kind, fit.Calibration.Kind); // a few rows cannot tell the kinds apart
        Assert.True(fit.Calibration.After < fit.Calibration.Before);
        var fresh = Distorted(20_000, 2.5, -0.8, 5);
        Assert.True(LogLoss.Mean(fresh, fit.Head.Calibrator) < LogLoss.Mean(fresh, null) - 0.02);
    }

    [Fact]
    public void Right_probabilities_are_left_alone()
    {
        int kept = 0;
        for (ulong seed = 0; seed < 60; seed++)
            if (HeadFit.Of(Distorted(500, 1, 0, seed), null, calibrate: true, seed: 1).Head.Calibrator is not null) kept++;
        Assert.True(kept <= 5, $"{kept} of 60 were calibrated without need");
    }

    [Fact]
    public void Cross_fitted_scores_are_honest()
    {
        // On rows without any signal a calibrator fitted and scored on the same rows would gain; cross-fitted ones do not beat the base rate.
        double gain = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new RandomSource(seed);
            double[] p = [.. Enumerable.Range(0, 1200).Select(_ => 0.05 + 0.9 * random.NextDouble())], y = [.. Enumerable.Range(0, 1200).Select(_ => (double)random.NextInt(2))];
            var held = new HeldRows(new(MetricRows.SchemaOf(TaskKind.Binary), y), p);
            var fit = HeadFit.Of(held, null, calibrate: true, seed);
            gain += Elementary.Log(2) - LogLoss.Mean(held with { Predictions = fit.CrossFitted }, null);
        }
        Assert.True(gain / 20 < 0.0005, $"gain {gain / 20}");
    }

    [Theory]
    [InlineData(1, 9, 0.1)]
    [InlineData(4, 1, 0.8)]
    public void The_threshold_follows_the_costs(double falseAlarm, double miss, double expected)
    {
        var fit = HeadFit.Of(Distorted(4000, 1, 0, 7), new DecisionCosts(falseAlarm, miss), calibrate: true, seed: 1);
        var costs = fit.Costs!;
        Assert.Equal(expected, fit.Head.Rule.Threshold, 0.08);
        Assert.True(costs.Cost.Value < costs.CostAtHalf && costs.Saving.Lower > 0);
        // The stated cost holds on fresh rows.
        var fresh = Distorted(40_000, 1, 0, 8);
        double cost = Enumerable.Range(0, fresh.Count).Average(row => (fresh.Predictions[row] >= costs.Threshold, fresh.Target.Values[row]) switch { (true, 0) => falseAlarm, (false, 1) => miss, _ => 0 });
        Assert.InRange(cost, costs.Cost.Lower, costs.Cost.Upper);
    }

    [Fact]
    public void Costs_that_do_not_fit_are_refused()
    {
        Assert.Throws<LearningException>(() => HeadFit.Of(Distorted(200, 1, 0, 1), new DecisionCosts(-1, 2), true, 1));
        Assert.Throws<LearningException>(() => HeadFit.Check(new DecisionCosts(1, 2), MetricRows.SchemaOf(TaskKind.Regression)));
    }

    [Fact]
    public void Intervals_and_sets_hold_the_truth_as_often_as_promised()
    {
        double[] numbers = new double[3], classes = new double[3];
        const int Tables = 200, Fresh = 200;
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var conformal = HeadFit.Of(Numbers(150, seed), null, false, 1).Head.Conformal!;
            var fresh = Numbers(Fresh, seed + 100_000);
            var sets = HeadFit.Of(Distorted(150, 1.6, 0.3, seed), null, false, 1).Head.Conformal!;
            var drawn = Distorted(Fresh, 1.6, 0.3, seed + 100_000);
            for (int level = 0; level < 3; level++)
                for (int row = 0; row < Fresh; row++)
                {
                    var (low, high) = conformal.Interval(fresh.Predictions[row], level);
                    double p = drawn.Predictions[row], y = drawn.Target.Values[row];
                    if (fresh.Target.Values[row] >= low && fresh.Target.Values[row] <= high) numbers[level] += 1.0 / Fresh / Tables;
                    if (sets.Includes(y == 1 ? p : 1 - p, (int)y, level)) classes[level] += 1.0 / Fresh / Tables;
                }
        }
        double[] promised = [0.8, 0.9, 0.95];
        for (int level = 0; level < 3; level++)
        {
            Assert.Equal(promised[level], numbers[level], 0.01);
            Assert.Equal(promised[level], classes[level], 0.01);
        }
    }

    /// <summary>A class with too few rows for a quantile of its own must not get that of all rows while the other class leaves them.</summary>
    [Fact]
    public void Sets_hold_as_many_rows_as_promised_where_one_class_is_rare()
    {
        const int Tables = 200;
        double[] held = new double[3], rows = new double[3];
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var sets = HeadFit.Of(Rarer(Distorted(400, 1, 0, seed)), null, false, 1).Head.Conformal!;
            var fresh = Rarer(Distorted(400, 1, 0, seed + 100_000));
            for (int level = 0; level < 3; level++)
                for (int row = 0; row < fresh.Count; row++)
                {
                    rows[level]++;
                    if (sets.Includes(fresh.ProbabilityOf(row, (int)fresh.Target.Values[row]), (int)fresh.Target.Values[row], level)) held[level]++;
                }
        }
        for (int level = 0; level < 3; level++) Assert.Equal(((double[])[0.8, 0.9, 0.95])[level], held[level] / rows[level], 0.01);
    }

    /// <summary>A third of the events.</summary>
    static HeldRows Rarer(HeldRows all)
    {
        int[] kept = [.. Enumerable.Range(0, all.Count).Where(row => all.Target.Values[row] == 0 || row % 3 == 0)];
        return all with { Target = all.Target.Take(kept), Predictions = Array.ConvertAll(kept, row => all.Predictions[row]) };
    }

    [Fact]
    public void A_training_puts_the_head_into_the_package()
    {
        var sample = SampleCatalog.Make("customers", 600);
        var training = Training.For("churned") with { Learner = new LogisticRegression(), Goal = new DecisionCosts(1, 5) };
        var result = training.Run(sample.Table);
        Assert.InRange(result.Package.Head.Rule.Threshold, 0.05, 0.35);
        Assert.Equal(result.Package.Head.Rule.Threshold, result.Evaluation.Threshold);
        Assert.NotNull(result.Package.Head.Conformal);
        Assert.Equal(Tilth.Honesty.VerdictMark.Signal, result.Findings.Verdict!.Mark);
        Assert.Equal(result.Findings.Verdict, Tilth.Honesty.FindingsJson.Read(result.Package.Documents[Tilth.Honesty.Findings.DocumentName].Span).Verdict);
        Assert.Throws<LearningException>(() => (Training.For("price") with { Goal = new DecisionCosts(1, 5) }).Run(SampleCatalog.Make("houses", 200).Table));
    }

    /// <summary>Rows that happen with probability sigmoid(z), foreseen with sigmoid(slope z + shift).</summary>
    static HeldRows Distorted(int rows, double slope, double shift, ulong seed)
    {
        var random = new RandomSource(seed);
        double[] p = new double[rows], y = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double z = 1.5 * random.NextGaussian() - 0.5;
            (p[row], y[row]) = (Elementary.Sigmoid(slope * z + shift), random.NextDouble() < Elementary.Sigmoid(z) ? 1 : 0);
        }
        return new(new(MetricRows.SchemaOf(TaskKind.Binary), y), p);
    }

    static HeldRows Numbers(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        double[] p = [.. Enumerable.Range(0, rows).Select(_ => random.NextGaussian())];
        return new(new(MetricRows.SchemaOf(TaskKind.Regression), [.. p.Select(v => v + random.NextGaussian() * (1 + Math.Abs(v)))]), p);
    }
}
