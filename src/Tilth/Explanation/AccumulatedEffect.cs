using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>
/// Accumulated local effects (Apley and Zhu, 2020): how the prediction changes over small steps of one number, measured on the
/// rows that lie in each step only, and summed up. Unlike partial dependence it asks nothing of rows that cannot exist.
/// </summary>
/// <param name="Edges">The steps' ends, ascending: at least 2.</param>
/// <param name="Effect">The effect at each edge, in the prediction's unit; its mean over the rows is 0.</param>
/// <param name="Counts">Rows in each step.</param>
public sealed record AccumulatedEffect(double[] Edges, double[] Effect, int[] Counts)
{
    /// <summary>Measures the effect of a number or date; null where it has fewer than two different values.</summary>
    /// <param name="predict">One number a row.</param>
    /// <param name="rows">Conforms to the schema.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="steps">At least 1: steps at most, each with about equally many rows.</param>
    public static AccumulatedEffect? Of(RowPredictor predict, Table rows, string column, int steps)
    {
        double?[] values = ValuesOf(rows[column]);
        int[] known = [.. Enumerable.Range(0, rows.RowCount).Where(row => values[row] is not null)];
        double[] sorted = [.. known.Select(row => values[row]!.Value).Order()];
        double[] edges = [.. Enumerable.Range(0, steps + 1).Where(_ => sorted.Length > 0).Select(i => sorted[(int)Math.Round((double)i / steps * (sorted.Length - 1))]).Distinct()];
        if (edges.Length < 2) return null;
        // Step k holds what is above edge k - 1 and at most edge k; the smallest value belongs to the first step (eq. 14).
        int[] step = Array.ConvertAll(known, row => Math.Max(1, Array.FindIndex(edges, edge => values[row] <= edge)));
        var taken = rows.Take(known);
        double[] low = predict(taken.With(At(rows[column], step, k => edges[k - 1]))), high = predict(taken.With(At(rows[column], step, k => edges[k])));
        var counts = new int[edges.Length - 1];
        var change = new double[edges.Length - 1];
        for (int i = 0; i < step.Length; i++)
        {
            counts[step[i] - 1]++;
            change[step[i] - 1] += high[i] - low[i];
        }
        var effect = new double[edges.Length];
        for (int k = 1; k < edges.Length; k++) effect[k] = effect[k - 1] + (counts[k - 1] == 0 ? 0 : change[k - 1] / counts[k - 1]);
        double mean = 0;
        for (int k = 1; k < edges.Length; k++) mean += counts[k - 1] * (effect[k - 1] + effect[k]) / 2 / step.Length;
        return new(edges, Array.ConvertAll(effect, value => value - mean), counts);
    }

    static Column At(Column column, int[] step, Func<int, double> edge) => column is DateTimeColumn
        ? new DateTimeColumn(column.Name, Array.ConvertAll(step, k => (long)edge(k)))
        : new NumberColumn(column.Name, Array.ConvertAll(step, k => edge(k)));

    static double?[] ValuesOf(Column column) => column switch
    {
        NumberColumn numbers => Array.ConvertAll(numbers.Values.ToArray(), value => double.IsFinite(value) ? value : (double?)null),
        DateTimeColumn moments => Array.ConvertAll(moments.Ticks.ToArray(), ticks => ticks == DateTimeColumn.Missing ? null : (double?)ticks),
        _ => new double?[column.Count],
    };
}
