using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// Whether a column is an average of the target over groups in which the row itself counts: the customer's share of cancelled
/// orders with this order in it. Honest averages leave the row out, or are of earlier rows; then cells do not repeat their own mean.
/// </summary>
internal static class TargetAggregates
{
    const int FewestRows = 30, FewestPure = 5, FewestExact = 20;
    const double SureLog = -14, ExactShare = 0.08, ExactSpread = 0.002, MiddleShare = 0.05;

    /// <summary>A sentence, or null.</summary>
    /// <param name="values">The column as numbers, NaN where missing; or null.</param>
    /// <param name="target">Of the same rows.</param>
    public static string? Find(double[]? values, Target target)
    {
        if (values is null || values.Count(double.IsFinite) < FewestRows) return null;
        return target.Task == TaskKind.Regression ? OfNumbers(values, target) : OfClasses(values, target);
    }

    /// <summary>Many rows lie in cells whose mean target is the cell's value.</summary>
    static string? OfNumbers(double[] x, Target target)
    {
        double[] y = target.Values;
        double mean = y.Average(), near = ExactSpread * Math.Sqrt(y.Average(v => (v - mean) * (v - mean)));
        var cells = new Dictionary<double, (int Rows, double Sum)>();
        int known = 0;
        for (int row = 0; row < y.Length; row++)
        {
            if (!double.IsFinite(x[row])) continue;
            known++;
            var (rows, sum) = cells.GetValueOrDefault(x[row]);
            cells[x[row]] = (rows + 1, sum + y[row]);
        }
        int exact = cells.Where(cell => Math.Abs(cell.Value.Sum / cell.Value.Rows - cell.Key) <= near).Sum(cell => cell.Value.Rows);
        if (cells.Count < FewestExact || exact < FewestExact || exact < ExactShare * known) return null;
        return $"{exact:N0} of {known:N0} rows lie where it equals the mean '{target.Schema.Column}' of the rows with that very value";
    }

    /// <summary>A share in 0 to 1 that is right without exception where it is 0 or 1, and right on the whole in between.</summary>
    static string? OfClasses(double[] x, Target target)
    {
        if (x.Any(v => v is < 0 or > 1)) return null;
        for (int k = 0; k < target.ClassCount; k++)
            foreach (bool turned in (bool[])[false, true])
            {
                double pure0 = 0, pure1 = 0, middle = 0, middleStated = 0, middleHits = 0, middleVariance = 0, hits = 0, known = 0;
                bool broken = false;
                for (int row = 0; row < x.Length && !broken; row++)
                {
                    if (double.IsNaN(x[row])) continue;
                    bool hit = target.Values[row] == k != turned;
                    known++;
                    hits += hit ? 1 : 0;
                    if (x[row] == 0) pure0++;
                    else if (x[row] == 1) pure1++;
                    else
                    {
                        middle++;
                        middleStated += x[row];
                        middleVariance += x[row] * (1 - x[row]);
                        middleHits += hit ? 1 : 0;
                    }
                    broken = (x[row] == 0 && hit) || (x[row] == 1 && !hit);
                }
                if (broken || pure0 < FewestPure || pure1 < FewestPure || middle < MiddleShare * known) continue;
                double chance = pure0 * Elementary.Log(1 - hits / known) + pure1 * Elementary.Log(hits / known);
                if (chance > SureLog || Math.Abs(middleStated - middleHits) > 3 * Math.Sqrt(middleVariance) + 1) continue;
                return $"where it is 0 or 1 it foresees whether '{target.Schema.Column}' is '{target.Schema.Classes[k]}' in all {pure0 + pure1:N0} rows, and in between it is right on average: a share that the row itself is counted in";
            }
        return null;
    }
}
