using Tilth.Data;
using Tilth.Statistics;

namespace Tilth.Honesty;

/// <summary>A target as scores of mean 0, whose squared sums over cells of rows are chi-squared: one for numbers, one a class for classes.</summary>
internal static class TargetScores
{
    /// <summary>
    /// What stands in each row, as a place in the tables of scores; and one table a score. Numbers: the normal's quantile of the
    /// rank. Classes: (1 if it is this class, else 0) less its share, over the root of its share; their squares sum to Pearson's
    /// statistic. No table where all rows are alike.
    /// </summary>
    public static (int[] Codes, double[][] Scores) Of(Target target) => target.Task == TaskKind.Regression ? OfNumbers(target.Values) : OfClasses(target);

    static (int[], double[][]) OfNumbers(double[] values)
    {
        int n = values.Length;
        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort([.. values], order);
        var scores = new double[n];
        for (int start = 0, end; start < n; start = end)
        {
            for (end = start + 1; end < n && values[order[end]] == values[order[start]];) end++;
            double score = NormalDistribution.Quantile((start + end) / 2.0 / n);
            for (int at = start; at < end; at++) scores[order[at]] = score;
        }
        double mean = scores.Average(), spread = Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / (n - 1));
        return spread > 0 ? ([.. Enumerable.Range(0, n)], [Array.ConvertAll(scores, s => (s - mean) / spread)]) : ([], []);
    }

    static (int[], double[][]) OfClasses(Target target)
    {
        int[] codes = Array.ConvertAll(target.Values, y => (int)y);
        double rows = codes.Length;
        double[] shares = new double[target.ClassCount];
        foreach (int code in codes) shares[code] += 1 / rows;
        if (shares.Count(share => share > 0) < 2) return ([], []);
        double scale = Math.Sqrt((rows - 1) / rows);
        return (codes, [.. Enumerable.Range(0, shares.Length).Where(k => shares[k] > 0).Select(k => (double[])[.. shares.Index().Select(c => scale * ((c.Index == k ? 1 : 0) - shares[k]) / Math.Sqrt(shares[k]))])]);
    }
}
