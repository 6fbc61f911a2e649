using Tilth.Kernels;

namespace Tilth.Statistics;

/// <summary>The functions that distributions are made of; relative errors are below 1e-12 for arguments up to 1e4.</summary>
internal static class SpecialFunctions
{
    const int MostTerms = 100_000;
    const double Tiny = 1e-300;

    // Lanczos (1964) with g = 7 and nine terms; the coefficients are Godfrey's.
    static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>log Gamma(x) for x above 0.</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5) return LogGamma(x + 1) - Elementary.Log(x);
        double z = x - 1, sum = Lanczos[0], t = z + 7.5;
        for (int i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (z + i);
        return 0.91893853320467274 + (z + 0.5) * Elementary.Log(t) - t + Elementary.Log(sum);
    }

    /// <summary>The upper regularised incomplete gamma function Q(a, x): the chance that a Gamma(a) variable exceeds x.</summary>
    public static double GammaTail(double a, double x)
    {
        if (x <= 0) return 1;
        double front = Elementary.Exp(a * Elementary.Log(x) - x - LogGamma(a));
        return x < a + 1 ? 1 - front * LowerSeries(a, x) : front * UpperFraction(a, x);
    }

    /// <summary>The lower regularised incomplete gamma function P(a, x).</summary>
    public static double GammaHead(double a, double x)
    {
        if (x <= 0) return 0;
        double front = Elementary.Exp(a * Elementary.Log(x) - x - LogGamma(a));
        return x < a + 1 ? front * LowerSeries(a, x) : 1 - front * UpperFraction(a, x);
    }

    /// <summary>The regularised incomplete beta function I_x(a, b), 0 &lt;= x &lt;= 1.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="x">The point.</param>
    /// <param name="rest">1 - x, where the caller knows it better than the subtraction would.</param>
    public static double Beta(double a, double b, double x, double rest)
    {
        if (x <= 0) return 0;
        if (rest <= 0) return 1;
        double front = Elementary.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Elementary.Log(x) + b * Elementary.Log(rest));
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(a, b, x) / a : 1 - front * BetaFraction(b, a, rest) / b;
    }

    static double LowerSeries(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (int n = 1; n < MostTerms && term > sum * 1e-17; n++) sum += term *= x / (a + n);
        return sum;
    }

    /// <summary>Lentz's evaluation of the continued fraction (Numerical Recipes, 6.2.7).</summary>
    static double UpperFraction(double a, double x)
    {
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, value = d;
        for (int i = 1; i < MostTerms; i++)
        {
            double numerator = -i * (i - a);
            b += 2;
            d = 1 / NotZero(numerator * d + b);
            c = NotZero(b + numerator / c);
            value *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16) break;
        }
        return value;
    }

    /// <summary>Lentz's evaluation of the continued fraction (Numerical Recipes, 6.4.5).</summary>
    static double BetaFraction(double a, double b, double x)
    {
        double c = 1, d = 1 / NotZero(1 - (a + b) * x / (a + 1)), value = d;
        for (int m = 1; m < MostTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            value *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16) break;
        }
        return value;
    }

    static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
