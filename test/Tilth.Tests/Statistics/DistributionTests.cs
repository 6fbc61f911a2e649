using Tilth.Statistics;

namespace Tilth.Tests.Statistics;

/// <summary>Values of scipy 1.10.1 (scipy.stats: norm.cdf, norm.ppf, t.sf, t.ppf, f.sf, chi2.sf, chi2.ppf).</summary>
public class DistributionTests
{
    [Theory]
    [InlineData(-30, 4.906713927147908e-198)]
    [InlineData(-8, 6.22096057427174e-16)]
    [InlineData(-1.5, 0.06680720126885807)]
    [InlineData(-0.1, 0.460172162722971)]
    [InlineData(0, 0.5)]
    [InlineData(0.3, 0.6179114221889526)]
    [InlineData(2, 0.9772498680518208)]
    [InlineData(5, 0.9999997133484281)]
    public void Normal(double x, double expected)
    {
        Close(expected, NormalDistribution.Cdf(x));
        Close(expected, NormalDistribution.Tail(-x));
    }

    [Theory]
    [InlineData(1e-200, -30.20559417957964)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(0.025, -1.9599639845400545)]
    [InlineData(0.3, -0.5244005127080409)]
    [InlineData(0.5, 0)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(-0.1, double.NaN)]
    public void Normal_quantiles(double p, double expected) => Close(expected, NormalDistribution.Quantile(p));

    [Theory]
    [InlineData(0, 3, 0.5)]
    [InlineData(0.5, 1, 0.3524163823495668)]
    [InlineData(2, 4.5, 0.05412895359056247)]
    [InlineData(-1.3, 10, 0.8886170913965777)]
    [InlineData(5, 30, 1.1648342733503893e-05)]
    [InlineData(40, 7, 7.951089992425214e-10)]
    [InlineData(2.1, 1e4, 0.017876913928105382)]
    public void Student(double t, double degrees, double expected) => Close(expected, StudentDistribution.Tail(t, degrees));

    [Theory]
    [InlineData(0.975, 30, 2.0422724563012373)]
    [InlineData(0.6, 2.5, 0.2814595125866358)]
    [InlineData(0.05, 8, -1.8595480375228428)]
    [InlineData(0.9995, 1000, 3.300282648423858)]
    public void Student_quantiles(double p, double degrees, double expected) => Close(expected, StudentDistribution.Quantile(p, degrees), 1e-8); // scipy keeps 9 digits

    [Fact]
    public void Student_quantiles_of_one_and_two_degrees_are_their_closed_forms()
    {
        for (double p = 0.01; p < 1; p += 0.049)
        {
            Close(Math.Tan(Math.PI * (p - 0.5)), StudentDistribution.Quantile(p, 1));
            Close((2 * p - 1) / Math.Sqrt(2 * p * (1 - p)), StudentDistribution.Quantile(p, 2));
        }
    }

    [Theory]
    [InlineData(0.5, 1, 1, 0.6081734479693929)]
    [InlineData(2, 3, 10, 0.17800740737517542)]
    [InlineData(4, 10, 200, 5.269785334038262e-05)]
    [InlineData(30, 2, 7, 0.0003686220674722634)]
    [InlineData(1, 500, 500, 0.5)]
    public void Fisher(double f, double upper, double lower, double expected) => Close(expected, FisherDistribution.Tail(f, upper, lower));

    [Theory]
    [InlineData(0.1, 1, 0.7518296340458492)]
    [InlineData(3.84, 1, 0.05004352124870519)]
    [InlineData(50, 20, 0.0002214766382487835)]
    [InlineData(5, 20, 0.9997226479053791)]
    [InlineData(200, 10, 1.6139305336977317e-37)]
    public void Chi_squared(double x, double degrees, double expected) => Close(expected, ChiSquaredDistribution.Tail(x, degrees));

    [Theory]
    [InlineData(0.95, 1, 3.841458820694124)]
    [InlineData(0.01, 20, 8.2603983325464)]
    [InlineData(0.5, 300, 299.33359734921805)]
    public void Chi_squared_quantiles(double p, double degrees, double expected) => Close(expected, ChiSquaredDistribution.Quantile(p, degrees));

    static void Close(double expected, double found, double tolerance = 1e-11)
    {
        if (!double.IsFinite(expected)) Assert.Equal(expected, found);
        else Assert.True(Math.Abs(found - expected) <= tolerance * Math.Abs(expected) + 1e-15, $"{found:R}, not {expected:R}");
    }
}
