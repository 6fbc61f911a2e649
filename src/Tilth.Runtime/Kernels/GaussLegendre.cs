namespace Tilth.Kernels;

/// <summary>
/// Points and weights on [0, 1] with which a weighted sum integrates polynomials exactly: n points, degree up to 2n - 1.
/// Newton's method on the three-term recurrence of the Legendre polynomials.
/// </summary>
internal static class GaussLegendre
{
    /// <summary>Fills both spans, which have the same length n; points descend.</summary>
    public static void Fill(Span<double> points, Span<double> weights)
    {
        int n = points.Length;
        for (int i = 0; i < n; i++)
        {
            double x = Elementary.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 1;
            for (int step = 0; step < 8; step++)
            {
                (double value, slope) = Legendre(n, x);
                x -= value / slope;
            }
            points[i] = 0.5 * (1 + x);
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
    }

    static (double Value, double Slope) Legendre(int n, double x)
    {
        double previous = 1, value = x;
        for (int k = 2; k <= n; k++) (previous, value) = (value, ((2 * k - 1) * x * value - (k - 1) * previous) / k);
        return (value, n * (x * value - previous) / (x * x - 1));
    }
}
