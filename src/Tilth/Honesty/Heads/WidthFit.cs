using Tilth.Models.Heads;
using Tilth.Statistics;

namespace Tilth.Honesty.Heads;

/// <summary>
/// The usual size of an error as a function of the prediction: a quantile of |error| in groups of neighbouring predictions,
/// smoothed (a quantile regression of the error on the prediction, as in Romano, Patterson and Candes 2019, but above any
/// model). Kept only where intervals are surely better for it.
/// </summary>
internal static class WidthFit
{
    const int Folds = 5, FewestRows = 200, RowsAKnot = 40, MostKnots = 20;
    const double Level = 0.8, Judged = 0.9, Least = 0.1, SureErrors = 2;

    /// <summary>The curve, and each row's width by a curve fitted without it; null if one width serves as well.</summary>
    /// <param name="held">A numeric target.</param>
    /// <param name="errors">|truth - prediction| of each row.</param>
    /// <param name="seed">Decides the folds.</param>
    public static (WidthCurve Curve, double[] Widths)? Of(HeldRows held, double[] errors, ulong seed)
    {
        if (held.Count < FewestRows) return null;
        int[] fold = held.Folds(Folds, seed);
        double[] widths = new double[held.Count], plain = new double[held.Count];
        for (int f = 0; f < Folds; f++)
        {
            int[] others = HeldRows.RowsOf(fold, f, others: true);
            if (Fit(held, errors, others) is not { } curve) return null;
            foreach (int row in HeldRows.RowsOf(fold, f, others: false)) widths[row] = curve.At(held.Predictions[row]);
        }
        Array.Fill(plain, 1);
        double[] varied = Penalties(errors, widths), even = Penalties(errors, plain);
        double mean = 0, square = 0;
        for (int row = 0; row < errors.Length; row++) mean += (even[row] - varied[row]) / errors.Length;
        for (int row = 0; row < errors.Length; row++) square += (even[row] - varied[row] - mean) * (even[row] - varied[row] - mean);
        if (!(mean > SureErrors * Math.Sqrt(square / errors.Length / (errors.Length - 1)))) return null;
        return Fit(held, errors, [.. Enumerable.Range(0, held.Count)]) is { } all ? (all, widths) : null;
    }

    /// <summary>Winkler's (1972) score of an interval: its width, and what the truth lies outside of it, counted 2 / (1 - level) times.</summary>
    static double[] Penalties(double[] errors, double[] widths)
    {
        double[] ratios = [.. errors.Select((error, row) => error / widths[row]).Order()];
        double radius = BootstrapSample.At(ratios, Judged);
        return [.. errors.Select((error, row) => 2 * radius * widths[row] + 2 / (1 - Judged) * Math.Max(0, error - radius * widths[row]))];
    }

    static WidthCurve? Fit(HeldRows held, double[] errors, int[] rows)
    {
        int[] order = [.. rows.Where(row => held.WeightOf(row) > 0)];
        Array.Sort(Array.ConvertAll(order, row => held.Predictions[row]), order);
        int groups = Math.Clamp(order.Length / RowsAKnot, 1, MostKnots);
        double floor = Least * BootstrapSample.At([.. order.Select(row => errors[row]).Order()], Level);
        if (groups < 2 || !(floor > 0)) return null;
        List<double> at = [], sizes = [];
        for (int g = 0; g < groups; g++)
        {
            int[] group = order[(int)((long)g * order.Length / groups)..(int)((long)(g + 1) * order.Length / groups)];
            double middle = group.Average(row => held.Predictions[row]);
            if (at.Count > 0 && !(middle > at[^1])) continue;
            at.Add(middle);
            sizes.Add(Math.Max(floor, BootstrapSample.At([.. group.Select(row => errors[row]).Order()], Level)));
        }
        double[] smooth = [.. sizes.Select((size, i) => i == 0 || i == sizes.Count - 1 ? size : (sizes[i - 1] + 2 * size + sizes[i + 1]) / 4)];
        return new([.. at], smooth);
    }
}
