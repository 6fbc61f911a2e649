using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>Whether a column is the target again: renamed, rescaled, or rounded. Chance does not do this, so it is a proof.</summary>
internal static class TargetCopies
{
    const int FewestRows = 20, FewestInCell = 5;
    const double SameLine = 0.99999;

    /// <summary>How the column repeats the target, for a sentence; null if it does not.</summary>
    /// <param name="exact">Each different value a cell.</param>
    /// <param name="values">The column as numbers, or null.</param>
    /// <param name="target">Of the same rows.</param>
    public static string? Find(ColumnCells exact, double[]? values, Target target)
    {
        int known = exact.Codes.Count(code => code >= 0);
        if (known < Math.Max(FewestRows, exact.Codes.Length / 2) || exact.Count < 2) return null;
        if (target.Task != TaskKind.Regression)
            return Renames(exact, target) ? $"each of its {exact.Count} values stands with one value of '{target.Schema.Column}' in all {known:N0} rows" : null;
        if (values is not null && LineFit(values, target.Values) is var r && r >= SameLine)
            return $"it lies on a straight line with '{target.Schema.Column}' (squared correlation {(r >= 0.9999999 ? "1" : $"{r:0.000000}")} over {known:N0} rows)";
        return exact.Ordered && Rises(exact, target.Values) ? $"its {exact.Distinct:N0} values ascend with '{target.Schema.Column}' without one exception in {known:N0} rows" : null;
    }

    /// <summary>As many values as classes, each of one class.</summary>
    static bool Renames(ColumnCells exact, Target target)
    {
        if (exact.Count != target.Values.Distinct().Count()) return false;
        var classOf = new double[exact.Count];
        var rows = new int[exact.Count];
        for (int row = 0; row < exact.Codes.Length; row++)
        {
            int cell = exact.Codes[row];
            if (cell < 0) continue;
            if (rows[cell]++ == 0) classOf[cell] = target.Values[row];
            else if (classOf[cell] != target.Values[row]) return false;
        }
        return classOf.Distinct().Count() == classOf.Length && rows.Count(n => n >= FewestInCell) >= 2;
    }

    /// <summary>The squared correlation over the rows that have a value.</summary>
    static double LineFit(double[] x, double[] y)
    {
        double n = 0, meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (int row = 0; row < x.Length; row++)
        {
            if (!double.IsFinite(x[row])) continue;
            n++;
            double dx = x[row] - meanX, dy = y[row] - meanY;
            meanX += dx / n;
            meanY += dy / n;
            xx += dx * (x[row] - meanX);
            yy += dy * (y[row] - meanY);
            xy += dx * (y[row] - meanY);
        }
        return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
    }

    /// <summary>The column is a rising or falling function of the target, or the target is one of a finer column.</summary>
    static bool Rises(ColumnCells exact, double[] y)
    {
        double[] low = new double[exact.Count], high = new double[exact.Count];
        var rows = new int[exact.Count];
        Array.Fill(low, double.PositiveInfinity);
        Array.Fill(high, double.NegativeInfinity);
        for (int row = 0; row < y.Length; row++)
        {
            int cell = exact.Codes[row];
            if (cell < 0) continue;
            rows[cell]++;
            low[cell] = Math.Min(low[cell], y[row]);
            high[cell] = Math.Max(high[cell], y[row]);
        }
        bool single = true, rises = true, falls = true, strictlyRises = true, strictlyFalls = true;
        for (int cell = 0; cell < low.Length; cell++)
        {
            single &= low[cell] == high[cell];
            if (cell == 0) continue;
            rises &= high[cell - 1] <= low[cell];
            falls &= low[cell - 1] >= high[cell];
            strictlyRises &= high[cell - 1] < low[cell];
            strictlyFalls &= low[cell - 1] > high[cell];
        }
        int largest = rows.Max(), known = rows.Sum();
        if (known - largest < FewestInCell) return false;
        if (strictlyRises || strictlyFalls) return true;
        if (!single || !(rises || falls)) return false;
        // A finer column: the target must have enough different values, or a few rows could fall so by chance.
        return known - y.CountBy(value => value).Max(pair => pair.Value) >= 2 * FewestInCell;
    }
}
