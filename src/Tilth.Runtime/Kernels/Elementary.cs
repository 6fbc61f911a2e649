namespace Tilth.Kernels;

/// <summary>
/// Elementary functions that give the same bits on every platform: only IEEE operations (+, -, *, /, fused multiply-add,
/// square root) in one written order. The C library's versions differ between systems, and a model must not.
/// Errors are below 2 units in the last place over the stated ranges.
/// </summary>
internal static class Elementary
{
    const double Log2E = 1.4426950408889634;
    // ln 2 in two parts; the high part has 32 trailing zero bits, so k * Ln2High is exact for |k| < 2^11 (Cody and Waite, 1980).
    const double Ln2High = 6.93147180369123816490e-01;
    const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e^x. Overflows to infinity above 709.78 and to zero below -745.13; NaN stays NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.782712893384) return double.PositiveInfinity;
        if (x < -745.1332191019412) return 0;
        double k = Math.Round(x * Log2E);
        double r = Math.FusedMultiplyAdd(k, -Ln2High, x);
        r = Math.FusedMultiplyAdd(k, -Ln2Low, r);
        double p = Math.FusedMultiplyAdd(r * r, ExpTail(r), r) + 1;
        // Two steps, so that 2^k may be subnormal or above 2^1023.
        int half = (int)k >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo((int)k - half);
    }

    /// <summary>(e^r - 1 - r) / r^2 by its Taylor series; |r| at most ln 2 / 2.</summary>
    static double ExpTail(double r)
    {
        double p = 1.0 / 6227020800.0;
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 479001600.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 39916800.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 3628800.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 362880.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 40320.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 5040.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 720.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 120.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 24.0);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 6.0);
        return Math.FusedMultiplyAdd(p, r, 0.5);
    }

    /// <summary>2^k for -1022 &lt;= k &lt;= 1023, exactly.</summary>
    public static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);

    /// <summary>e^x - 1 without cancellation near 0.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) < 0.34) return Math.FusedMultiplyAdd(x * x, ExpTail(x), x);
        return Exp(x) - 1;
    }

    /// <summary>Natural logarithm. Log(0) = -infinity, negative gives NaN.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        int e = 0;
        if (x < 2.2250738585072014e-308) { x *= 18014398509481984.0; e = -54; }
        long bits = BitConverter.DoubleToInt64Bits(x);
        e += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951) { m *= 0.5; e++; }
        // log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)) with s = f / (2 + f); coefficients of the minimax R are fdlibm's.
        double f = m - 1, s = f / (2 + f), z = s * s;
        double r = 1.479819860511658591e-01;
        r = Math.FusedMultiplyAdd(r, z, 1.531383769920937332e-01);
        r = Math.FusedMultiplyAdd(r, z, 1.818357216161805012e-01);
        r = Math.FusedMultiplyAdd(r, z, 2.222219843214978396e-01);
        r = Math.FusedMultiplyAdd(r, z, 2.857142874366239149e-01);
        r = Math.FusedMultiplyAdd(r, z, 3.999999999940941908e-01);
        r = Math.FusedMultiplyAdd(r, z, 6.666666666666735130e-01);
        r *= z;
        double half = 0.5 * f * f;
        return e * Ln2High - (half - (s * (half + r) + e * Ln2Low) - f);
    }

    /// <summary>log(1 + x) without cancellation near 0.</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        if (u == 1) return x;
        if (double.IsInfinity(u)) return u;
        return Log(u) - (u - 1 - x) / u;
    }

    /// <summary>1 / (1 + e^-x), accurate in both tails.</summary>
    public static double Sigmoid(double x)
    {
        if (x >= 0) return 1 / (1 + Exp(-x));
        double e = Exp(x);
        return e / (1 + e);
    }

    /// <summary>log(1 + e^x), without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Exp(-Math.Abs(x)));

    /// <summary>Hyperbolic tangent.</summary>
    public static double Tanh(double x)
    {
        if (x > 22) return 1;
        if (x < -22) return -1;
        double e = Expm1(2 * x);
        return e / (e + 2);
    }

    /// <summary>x^y for x >= 0 as e^(y log x): the relative error grows with |y log x| (about 1e-16 times it).</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (x == 0) return y > 0 ? 0 : double.PositiveInfinity;
        return Exp(y * Log(x));
    }

    /// <summary>Sine of x radians; |x| up to 1e5.</summary>
    public static double Sin(double x) => SinCos(x, 0);

    /// <summary>Cosine of x radians; |x| up to 1e5.</summary>
    public static double Cos(double x) => SinCos(x, 1);

    static double SinCos(double x, int shift)
    {
        // x = k pi/2 + r with pi/2 in three parts (Cody and Waite).
        double k = Math.Round(x * 0.6366197723675814);
        double r = Math.FusedMultiplyAdd(k, -1.5707963267341256, x);
        r = Math.FusedMultiplyAdd(k, -6.077100506303966e-11, r);
        r = Math.FusedMultiplyAdd(k, -2.0222662487959506e-21, r);
        double z = r * r;
        double result = (((long)k + shift) & 1) == 0 ? SinSeries(r, z) : CosSeries(z);
        return (((long)k + shift) & 2) == 0 ? result : -result;
    }

    static double SinSeries(double r, double z)
    {
        double p = -1.0 / 1307674368000.0;
        p = Math.FusedMultiplyAdd(p, z, 1.0 / 6227020800.0);
        p = Math.FusedMultiplyAdd(p, z, -1.0 / 39916800.0);
        p = Math.FusedMultiplyAdd(p, z, 1.0 / 362880.0);
        p = Math.FusedMultiplyAdd(p, z, -1.0 / 5040.0);
        p = Math.FusedMultiplyAdd(p, z, 1.0 / 120.0);
        p = Math.FusedMultiplyAdd(p, z, -1.0 / 6.0);
        return Math.FusedMultiplyAdd(p * z, r, r);
    }

    static double CosSeries(double z)
    {
        double p = 1.0 / 20922789888000.0;
        p = Math.FusedMultiplyAdd(p, z, -1.0 / 87178291200.0);
        p = Math.FusedMultiplyAdd(p, z, 1.0 / 479001600.0);
        p = Math.FusedMultiplyAdd(p, z, -1.0 / 3628800.0);
        p = Math.FusedMultiplyAdd(p, z, 1.0 / 40320.0);
        p = Math.FusedMultiplyAdd(p, z, -1.0 / 720.0);
        p = Math.FusedMultiplyAdd(p, z, 1.0 / 24.0);
        p = Math.FusedMultiplyAdd(p, z, -0.5);
        return Math.FusedMultiplyAdd(p, z, 1.0);
    }
}
