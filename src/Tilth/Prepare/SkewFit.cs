using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// Whether and how to take the skew out of a column: the power of the Yeo-Johnson transform by maximum likelihood (Yeo and
/// Johnson, 2000, eq. 3.1), tried where the skewness is above <see cref="Tolerated"/> and kept only if it at least halves it.
/// Fitted on evenly spaced quantiles, so the cost does not grow with the rows.
/// </summary>
/// <param name="Skewness">Before the transform.</param>
/// <param name="Origin">0 for values that are never negative, else the median.</param>
/// <param name="Unit">The median distance from the origin, so that the transform does not depend on the unit of measure.</param>
/// <param name="Power">1 for no transform.</param>
internal readonly record struct SkewFit(double Skewness, double Origin, double Unit, double Power)
{
    const double Tolerated = 0.75, LowestPower = -2, HighestPower = 4;
    const int MostPoints = 2001;

    /// <param name="sorted">Finite, ascending, not all equal.</param>
    public static SkewFit Of(double[] sorted)
    {
        var points = Points(sorted);
        double before = SkewnessOf(points);
        var none = new SkewFit(before, 0, 1, 1);
        if (Math.Abs(before) <= Tolerated) return none;
        double origin = sorted[0] >= 0 ? 0 : NumberShape.Quantile(sorted, 0.5);
        double unit = UnitOf(points, origin);
        var u = Array.ConvertAll(points, x => (x - origin) / unit);
        double power = BestPower(u);
        double after = SkewnessOf(Array.ConvertAll(u, value => SkewStep.Transform(value, power)));
        return Math.Abs(after) <= Math.Abs(before) / 2 ? new(before, origin, unit, power) : none;
    }

    static double[] Points(double[] sorted)
    {
        if (sorted.Length <= MostPoints) return sorted;
        var points = new double[MostPoints];
        for (int i = 0; i < points.Length; i++) points[i] = sorted[(long)i * (sorted.Length - 1) / (MostPoints - 1)];
        return points;
    }

    static double UnitOf(double[] points, double origin)
    {
        var distances = Array.FindAll(Array.ConvertAll(points, x => Math.Abs(x - origin)), distance => distance > 0);
        Array.Sort(distances);
        return NumberShape.Quantile(distances, 0.5);
    }

    /// <summary>Golden-section search; the likelihood has one peak.</summary>
    static double BestPower(double[] u)
    {
        const double golden = 0.6180339887498949;
        double jacobian = 0;
        foreach (double value in u) jacobian += Math.CopySign(Elementary.Log1p(Math.Abs(value)), value);
        double low = LowestPower, high = HighestPower;
        double a = high - golden * (high - low), b = low + golden * (high - low);
        double atA = Likelihood(u, a, jacobian), atB = Likelihood(u, b, jacobian);
        while (high - low > 1e-3)
        {
            if (atA > atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - golden * (high - low);
                atA = Likelihood(u, a, jacobian);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + golden * (high - low);
                atB = Likelihood(u, b, jacobian);
            }
        }
        return (low + high) / 2;
    }

    static double Likelihood(double[] u, double power, double jacobian)
    {
        var (_, deviation) = NumberShape.MeanAndDeviation(Array.ConvertAll(u, value => SkewStep.Transform(value, power)));
        double likelihood = -u.Length * Elementary.Log(deviation) + (power - 1) * jacobian;
        return double.IsNaN(likelihood) ? double.NegativeInfinity : likelihood;
    }

    static double SkewnessOf(double[] values)
    {
        var (mean, deviation) = NumberShape.MeanAndDeviation(values);
        if (!(deviation > 0)) return 0;
        double cubes = 0;
        foreach (double value in values)
        {
            double z = (value - mean) / deviation;
            cubes += z * z * z;
        }
        return cubes / values.Length;
    }
}
