using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

/// <summary>Compared with the C library's functions, which are right to about one unit in the last place.</summary>
public class ElementaryTests
{
    static readonly RandomSource Random = new(7);

    [Fact]
    public void Exp_is_within_two_units_in_the_last_place() => Compare(Elementary.Exp, Math.Exp, -745, 709.7, 2);

    [Fact]
    public void Expm1_keeps_small_arguments() => Compare(Elementary.Expm1, x => x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5)))), -1e-3, 1e-3, 4);

    [Fact]
    public void Log_is_within_two_units_in_the_last_place()
    {
        Compare(Elementary.Log, Math.Log, 1e-3, 1e3, 2);
        Compare(Elementary.Log, Math.Log, 0.99, 1.01, 2);
        Compare(x => Elementary.Log(Math.ScaleB(x, -1060)), x => Math.Log(Math.ScaleB(x, -1060)), 1, 2, 2);
    }

    [Fact]
    public void Sine_and_cosine_agree()
    {
        for (int i = 0; i < 100_000; i++)
        {
            double x = (Random.NextDouble() - 0.5) * 2e4;
            Assert.Equal(Math.Sin(x), Elementary.Sin(x), 2e-15);
            Assert.Equal(Math.Cos(x), Elementary.Cos(x), 2e-15);
        }
    }

    [Fact]
    public void Tanh_and_sigmoid_agree()
    {
        Compare(Elementary.Tanh, Math.Tanh, -25, 25, 4);
        Compare(Elementary.Sigmoid, x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)), -700, 40, 4);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(0, 1)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(1000, double.PositiveInfinity)]
    [InlineData(-1000, 0)]
    public void Exp_at_its_ends(double x, double expected) => Assert.Equal(expected, Elementary.Exp(x));

    [Theory]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(1, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Log_at_its_ends(double x, double expected) => Assert.Equal(expected, Elementary.Log(x));

    static void Compare(Func<double, double> ours, Func<double, double> theirs, double low, double high, long units)
    {
        for (int i = 0; i < 100_000; i++)
        {
            double x = low + (high - low) * Random.NextDouble(), expected = theirs(x), found = ours(x);
            long apart = Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(found));
            Assert.True(apart <= units, $"at {x:R}: {found:R}, expected {expected:R}, {apart} units apart");
        }
    }
}
