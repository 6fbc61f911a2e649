using Tilth.Kernels;
using Tilth.Statistics;

namespace Tilth.Tests.Statistics;

public class IntervalTests
{
    [Fact]
    public void Wilson_gives_published_limits()
    {
        // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        foreach (var (hits, trials, low, high) in ((double, double, double, double)[])[(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)])
        {
            var (lower, upper) = ProportionInterval.Wilson(hits / trials, trials);
            Assert.Equal(low, lower, 5e-5);
            Assert.Equal(high, upper, 5e-5);
        }
    }

    [Fact]
    public void DeLong_equals_its_definition()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new RandomSource(seed);
            int rows = 10 + (int)seed;
            var y = Enumerable.Range(0, rows).Select(i => i < 2 || (i > 3 && random.NextInt(3) == 0)).ToArray();
            var s = y.Select(positive => Math.Round((positive ? 0.8 : 0) + random.NextGaussian(), 1)).ToArray();
            int[] order = [.. Enumerable.Range(0, rows).OrderBy(i => s[i])];
            var ones = s.Where((_, i) => y[i]).ToArray();
            var zeros = s.Where((_, i) => !y[i]).ToArray();
            static double Beats(double a, double b) => a > b ? 1 : a == b ? 0.5 : 0;
            var v1 = ones.Select(a => zeros.Average(b => Beats(a, b))).ToArray();
            var v0 = zeros.Select(b => ones.Average(a => Beats(a, b))).ToArray();
            double auc = v1.Average();
            double expected = v1.Sum(v => (v - auc) * (v - auc)) / (v1.Length - 1) / v1.Length + v0.Sum(v => (v - auc) * (v - auc)) / (v0.Length - 1) / v0.Length;
            var (found, variance, degrees) = DeLongInterval.Of(order, s, i => y[i]);
            Assert.Equal(auc, found, 1e-12);
            Assert.Equal(expected, variance, 1e-12);
            var (lower, upper) = DeLongInterval.Limits(found, variance, degrees, 2);
            Assert.InRange(found, lower, upper);
        }
        Assert.True(DeLongInterval.Limits(1, 0, 5, 10).Lower < 0.75); // ten rows are no proof of perfection
    }

    /// <summary>
    /// Worked by hand from equations 3 and 4 of DeLong et al. (1988): V10 = (1, 1, 1/2), V01 = (1, 2/3), AUC = 5/6, s10 = 1/12, s01 = 1/18.
    /// </summary>
    [Fact]
    public void DeLong_of_five_rows_is_what_a_hand_works_out()
    {
        double[] scores = [1, 3, 2, 4, 5];
        bool[] positive = [false, false, true, true, true];
        int[] order = [0, 2, 1, 3, 4];
        var (auc, variance, degrees) = DeLongInterval.Of(order, scores, i => positive[i]);
        Assert.Equal(5 / 6.0, auc, 1e-12);
        Assert.Equal(1 / 12.0 / 3 + 1 / 18.0 / 2, variance, 1e-12);
        Assert.Equal(8 / 3.0, degrees, 1e-12); // (1/36 + 1/36)^2 / ((1/36)^2 / 2 + (1/36)^2 / 1)
    }

    /// <summary>The 97.5 % points of Student's t for 9 and 99 degrees are 2.262157 and 1.984217 (any table).</summary>
    [Fact]
    public void Few_rows_or_groups_reach_farther()
    {
        Assert.Equal(2.262157 * Math.Sqrt(10 / 9.0), BootstrapSample.Reach(10, null), 1e-5);
        Assert.Equal(BootstrapSample.Reach(10, null), BootstrapSample.Reach(500, [.. Enumerable.Range(0, 500).Select(i => i % 10)]));
        Assert.Equal(1.984217 * Math.Sqrt(100 / 99.0), BootstrapSample.Reach(100, null), 1e-5);
        Assert.Equal(1.96, BootstrapSample.Reach(1_000_000, null), 1e-3);
    }

    [Fact]
    public void The_bootstrap_of_a_mean_finds_its_standard_error()
    {
        var random = new RandomSource(3);
        var values = Enumerable.Range(0, 500).Select(_ => random.NextGaussian()).ToArray();
        var sample = new BootstrapSample(500, null, null, 1);
        var means = Enumerable.Range(0, 600).Select(i => sample.Weights(i).Zip(values).Sum(p => p.First * p.Second) / 500).ToArray();
        var (lower, upper) = BootstrapSample.Limits(values.Average(), means);
        double sd = Math.Sqrt(values.Sum(v => (v - values.Average()) * (v - values.Average())) / 499 / 500);
        Assert.InRange((upper - lower) / (2 * 1.96 * sd), 0.88, 1.12);
        Assert.Equal(sample.Weights(5), new BootstrapSample(500, null, null, 1).Weights(5));
    }
}
