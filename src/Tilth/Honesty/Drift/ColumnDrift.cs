using Tilth.Data;
using Tilth.Honesty.Leaks;
using Tilth.Kernels;
using Tilth.Statistics;

namespace Tilth.Honesty.Drift;

/// <summary>How far a column moved between two tables.</summary>
public enum DriftMark
{
    /// <summary>Nothing that chance would not do.</summary>
    Same,
    /// <summary>Surely another distribution, but hardly so: a population stability index below 0.1.</summary>
    Little,
    /// <summary>Surely another distribution.</summary>
    Moved,
}

/// <summary>One column of two tables.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Mark">Whether it moved.</param>
/// <param name="Psi">Population stability index over ten groups of the first table, or levels, and missing: below 0.1 is little, from 0.25 on much.</param>
/// <param name="Test">"Kolmogorov-Smirnov" for numbers and dates, else "chi-squared".</param>
/// <param name="Statistic">The test's statistic: largest distance of the distributions, or chi-squared.</param>
/// <param name="PValue">Chance of such a difference between tables drawn alike.</param>
/// <param name="Adjusted">The same corrected for the number of columns (Holm 1979).</param>
/// <param name="MissingFirst">Share of missing values in the first table.</param>
/// <param name="MissingSecond">Share of missing values in the second.</param>
public sealed record ColumnDrift(string Column, DriftMark Mark, double Psi, string Test, double Statistic, double PValue, double Adjusted, double MissingFirst, double MissingSecond)
{
    const double Sure = 0.01, LittlePsi = 0.1;
    const int Groups = 10, FewestExpected = 5;

    /// <summary>Holds every column of two tables that lie one under the other against itself.</summary>
    /// <param name="both">The first table's rows, then the second's; conformed.</param>
    /// <param name="firstRows">Rows of the first.</param>
    public static IReadOnlyList<ColumnDrift> Of(Table both, int firstRows)
    {
        int[] rows = [.. Enumerable.Range(0, both.RowCount)];
        var drifts = both.Columns.Where(column => column.Kind != ColumnKind.Text).Select(column => Of(column.Name, ColumnCells.Exact(column, rows), firstRows)).ToArray();
        double before = 0;
        int left = drifts.Length;
        foreach (int at in Enumerable.Range(0, drifts.Length).OrderBy(i => drifts[i].PValue).ToList())
        {
            before = Math.Min(1, Math.Max(before, drifts[at].PValue * left--));
            drifts[at] = drifts[at] with { Adjusted = before, Mark = before >= Sure ? DriftMark.Same : drifts[at].Psi < LittlePsi ? DriftMark.Little : DriftMark.Moved };
        }
        return drifts;
    }

    static ColumnDrift Of(string name, ColumnCells cells, int firstRows)
    {
        double[] first = new double[cells.Count + 1], second = new double[cells.Count + 1];
        for (int row = 0; row < cells.Codes.Length; row++) (row < firstRows ? first : second)[cells.Codes[row] + 1]++;
        double n = firstRows, m = cells.Codes.Length - firstRows;
        var (statistic, p) = cells.Ordered ? Kolmogorov(first, second) : ChiSquared(first, second);
        if (cells.Ordered && first[0] + second[0] > 0)
        {
            // Missing values are held against each other too: two looks, the better one counts half.
            var (_, missing) = ChiSquared([first[0], n - first[0]], [second[0], m - second[0]]);
            p = Math.Min(1, 2 * Math.Min(p, missing));
        }
        return new(name, DriftMark.Same, Stability(first, second, cells.Ordered), cells.Ordered ? "Kolmogorov-Smirnov" : "chi-squared", statistic, p, p, first[0] / n, second[0] / m);
    }

    /// <summary>The two-sample test over ascending cells after the first, with Stephens' approximation of its distribution.</summary>
    internal static (double Distance, double PValue) Kolmogorov(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double n = 0, m = 0, a = 0, b = 0, distance = 0;
        for (int cell = 1; cell < first.Length; cell++) (n, m) = (n + first[cell], m + second[cell]);
        if (n == 0 || m == 0) return (0, 1);
        for (int cell = 1; cell < first.Length; cell++)
        {
            (a, b) = (a + first[cell] / n, b + second[cell] / m);
            distance = Math.Max(distance, Math.Abs(a - b));
        }
        double root = Math.Sqrt(n * m / (n + m)), lambda = (root + 0.12 + 0.11 / root) * distance, p = 0;
        if (lambda < 0.2) return (distance, 1);
        for (int k = 1; k <= 100; k++) p += (k % 2 == 1 ? 2 : -2) * Elementary.Exp(-2.0 * k * k * lambda * lambda);
        return (distance, Math.Clamp(p, 0, 1));
    }

    /// <summary>Pearson's test of the two rows of counts; cells of few rows are put together.</summary>
    internal static (double Statistic, double PValue) ChiSquared(double[] first, double[] second)
    {
        double n = first.Sum(), m = second.Sum(), small1 = 0, small2 = 0, statistic = 0;
        int cells = 0;
        void Add(double a, double b)
        {
            double all = a + b, ea = all * n / (n + m), eb = all * m / (n + m);
            if (ea > 0) statistic += (a - ea) * (a - ea) / ea;
            if (eb > 0) statistic += (b - eb) * (b - eb) / eb;
            cells++;
        }
        for (int cell = 0; cell < first.Length; cell++)
        {
            double all = first[cell] + second[cell];
            if (all == 0) continue;
            if (all * Math.Min(n, m) / (n + m) >= FewestExpected) Add(first[cell], second[cell]);
            else (small1, small2) = (small1 + first[cell], small2 + second[cell]);
        }
        if (small1 + small2 > 0) Add(small1, small2);
        return cells < 2 ? (0, 1) : (statistic, ChiSquaredDistribution.Tail(statistic, cells - 1));
    }

    /// <summary>sum of (b - a) log(b / a) over shares of groups, half a row added to each.</summary>
    static double Stability(double[] first, double[] second, bool ordered)
    {
        double[] a, b;
        if (!ordered) (a, b) = (first, second);
        else
        {
            (a, b) = (new double[Groups + 1], new double[Groups + 1]);
            (a[0], b[0]) = (first[0], second[0]);
            double known = Math.Max(1, first.Sum() - first[0]), before = 0;
            for (int cell = 1; cell < first.Length; cell++)
            {
                int group = 1 + Math.Clamp((int)((before + first[cell] / 2) / known * Groups), 0, Groups - 1);
                (a[group], b[group]) = (a[group] + first[cell], b[group] + second[cell]);
                before += first[cell];
            }
        }
        int[] used = [.. Enumerable.Range(0, a.Length).Where(g => a[g] + b[g] > 0)];
        double n = a.Sum() + 0.5 * used.Length, m = b.Sum() + 0.5 * used.Length, sum = 0;
        foreach (int g in used)
        {
            double share = (a[g] + 0.5) / n, other = (b[g] + 0.5) / m;
            sum += (other - share) * Elementary.Log(other / share);
        }
        return sum;
    }
}
