using Tilth.Kernels;

namespace Tilth.Statistics;

/// <summary>
/// The variance of an AUC by DeLong, DeLong and Clarke-Pearson (1988), worked out from midranks in n log n (Sun and Xu, 2014).
/// The interval stands on the logit scale, where it covers better near 1 and cannot leave [0, 1] (Pepe, 2003), and reaches by
/// Student's quantile: where few rows are of a class, its variance is hardly known (Brunner and Munzel, 2000).
/// </summary>
internal static class DeLongInterval
{
    /// <summary>AUC, its variance and the variance's degrees of freedom (Satterthwaite); NaN variance with fewer than two rows of a class.</summary>
    /// <param name="order">Rows by ascending score.</param>
    /// <param name="scores">One a row.</param>
    /// <param name="isPositive">One a row.</param>
    public static (double Auc, double Variance, double Degrees) Of(ReadOnlySpan<int> order, ReadOnlySpan<double> scores, Func<int, bool> isPositive)
    {
        long positives = 0;
        foreach (int row in order)
            if (isPositive(row)) positives++;
        long negatives = order.Length - positives;
        // Per row the share of the other class that it beats, ties half: V10 of positives, V01 of negatives (equations 3 and 4).
        double sum1 = 0, square1 = 0, sum0 = 0, square0 = 0;
        long below1 = 0, below0 = 0;
        for (int at = 0; at < order.Length;)
        {
            int start = at;
            long here1 = 0;
            double score = scores[order[at]];
            for (; at < order.Length && scores[order[at]] == score; at++)
                if (isPositive(order[at])) here1++;
            long here0 = at - start - here1;
            double v1 = (below0 + 0.5 * here0) / negatives, v0 = 1 - (below1 + 0.5 * here1) / positives;
            if (here1 > 0) (sum1, square1) = (sum1 + here1 * v1, square1 + here1 * v1 * v1);
            if (here0 > 0) (sum0, square0) = (sum0 + here0 * v0, square0 + here0 * v0 * v0);
            below1 += here1;
            below0 += here0;
        }
        double auc = sum1 / positives;
        double variance1 = Math.Max(0, square1 - positives * auc * auc) / (positives - 1);
        double variance0 = Math.Max(0, square0 - negatives * auc * auc) / (negatives - 1);
        double part1 = variance1 / positives, part0 = variance0 / negatives, variance = part1 + part0;
        return (auc, variance, variance * variance / (part1 * part1 / (positives - 1) + part0 * part0 / (negatives - 1)));
    }

    /// <summary>The 95 % limits; where no pair is misranked, Wilson's of the smaller class.</summary>
    public static (double Lower, double Upper) Limits(double auc, double variance, double degrees, int smallerClass)
    {
        if (double.IsNaN(variance) || double.IsNaN(auc)) return (double.NaN, double.NaN);
        if (auc is <= 0 or >= 1 || variance <= 0) return ProportionInterval.Wilson(auc, smallerClass);
        double logit = Elementary.Log(auc / (1 - auc)), half = StudentDistribution.Quantile(0.975, degrees) * Math.Sqrt(variance) / (auc * (1 - auc));
        return (Elementary.Sigmoid(logit - half), Elementary.Sigmoid(logit + half));
    }
}
