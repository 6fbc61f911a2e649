using Tilth.Kernels;

namespace Tilth.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    /// <summary>The chance of a value up to <paramref name="x"/>; relatively exact also far below 0.</summary>
    public static double Cdf(double x) => x <= 0 ? Tail(-x) : 1 - Tail(x);

    /// <summary>The chance of a value above <paramref name="x"/>; relatively exact also far above 0.</summary>
    public static double Tail(double x)
        => x >= 0 ? 0.5 * SpecialFunctions.GammaTail(0.5, 0.5 * x * x) : 1 - 0.5 * SpecialFunctions.GammaTail(0.5, 0.5 * x * x);

    /// <summary>The value that a share <paramref name="p"/> of the distribution lies below; infinite at 0 and 1.</summary>
    public static double Quantile(double p)
    {
        if (!(p > 0)) return p == 0 ? double.NegativeInfinity : double.NaN;
        if (p >= 1) return p == 1 ? double.PositiveInfinity : double.NaN;
        if (p > 0.5) return -Quantile(1 - p);
        // Abramowitz and Stegun 26.2.23, then Halley's steps on the distribution itself.
        double t = Math.Sqrt(-2 * Elementary.Log(p));
        double x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
        for (int step = 0; step < 3; step++)
        {
            double error = (Cdf(x) - p) * 2.5066282746310002 * Elementary.Exp(0.5 * x * x);
            x -= error / (1 + 0.5 * x * error);
        }
        return x;
    }
}

/// <summary>Student's t distribution.</summary>
public static class StudentDistribution
{
    /// <summary>The chance of a value above <paramref name="t"/>.</summary>
    /// <param name="t">The value.</param>
    /// <param name="degrees">Degrees of freedom, above 0.</param>
    public static double Tail(double t, double degrees)
    {
        double square = t * t, outside = 0.5 * SpecialFunctions.Beta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
        return t >= 0 ? outside : 1 - outside;
    }

    /// <summary>The value that a share <paramref name="p"/> of the distribution lies below, 0 &lt; p &lt; 1.</summary>
    public static double Quantile(double p, double degrees)
    {
        if (!(p > 0 && p < 1)) return p == 0 ? double.NegativeInfinity : p == 1 ? double.PositiveInfinity : double.NaN;
        if (p < 0.5) return -Quantile(1 - p, degrees);
        double tail = 1 - p;
        return Roots.Falling(t => Tail(t, degrees), tail, Math.Max(1, NormalDistribution.Quantile(p)));
    }
}

/// <summary>Fisher's F distribution.</summary>
public static class FisherDistribution
{
    /// <summary>The chance of a value above <paramref name="f"/>.</summary>
    /// <param name="f">The value, at least 0.</param>
    /// <param name="upper">Degrees of freedom of the numerator, above 0.</param>
    /// <param name="lower">Degrees of freedom of the denominator, above 0.</param>
    public static double Tail(double f, double upper, double lower)
        => f <= 0 ? 1 : SpecialFunctions.Beta(lower / 2, upper / 2, lower / (lower + upper * f), upper * f / (lower + upper * f));
}

/// <summary>The chi-squared distribution.</summary>
public static class ChiSquaredDistribution
{
    /// <summary>The chance of a value above <paramref name="x"/>.</summary>
    /// <param name="x">The value, at least 0.</param>
    /// <param name="degrees">Degrees of freedom, above 0.</param>
    public static double Tail(double x, double degrees) => SpecialFunctions.GammaTail(degrees / 2, x / 2);

    /// <summary>The value that a share <paramref name="p"/> of the distribution lies below, 0 &lt;= p &lt; 1.</summary>
    public static double Quantile(double p, double degrees)
        => p <= 0 ? 0 : Roots.Falling(x => Tail(x, degrees), 1 - p, degrees);
}

/// <summary>Inverts falling functions on the positive numbers.</summary>
internal static class Roots
{
    /// <summary>The x above 0 at which a falling function has the value, by doubling and bisection to the last bit.</summary>
    public static double Falling(Func<double, double> function, double value, double start)
    {
        double low = 0, high = start;
        while (function(high) > value && high < 1e300) (low, high) = (high, high * 2);
        for (int step = 0; step < 200; step++)
        {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) break;
            if (function(middle) > value) low = middle;
            else high = middle;
        }
        return high;
    }
}
