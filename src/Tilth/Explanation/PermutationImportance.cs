using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Parallelism;
using Tilth.Statistics;

namespace Tilth.Explanation;

/// <summary>How much worse a metric becomes if a column's values are shuffled between rows (Breiman, 2001; Fisher et al., 2019).</summary>
/// <param name="Column">The column.</param>
/// <param name="Loss">How much worse, in the metric's unit, with the 95 % interval over rows; near 0 for a column that is not used.</param>
public sealed record PermutationImportance(string Column, Interval Loss)
{
    const int Shuffles = 4, Resamples = 200;

    /// <summary>Shuffles one column after the other.</summary>
    /// <param name="predict">rows x outputs, row by row.</param>
    /// <param name="rows">Rows that the model did not learn from.</param>
    /// <param name="target">What happened in them.</param>
    /// <param name="columns">Names of the columns to shuffle.</param>
    /// <param name="metric">What becomes worse.</param>
    /// <param name="seed">Of the shuffles and resamples.</param>
    /// <param name="workers">Threads; change no result.</param>
    /// <returns>The most important first.</returns>
    public static IReadOnlyList<PermutationImportance> Of(RowPredictor predict, Table rows, Target target, IReadOnlyList<string> columns, Metric metric, ulong seed, WorkerPool workers)
    {
        var random = new RandomSource(seed);
        var sample = new BootstrapSample(rows.RowCount, null, null, seed);
        double[][] weights = [.. Enumerable.Range(0, BootstrapSample.Count(rows.RowCount, Resamples)).Select(sample.Weights)];
        EvaluationData Measured(Table table) => new(target.Schema, target.Values, predict(table));
        var whole = Measured(rows);
        double sign = metric.HigherIsBetter ? 1 : -1, value = metric.Compute(whole);
        double[] drawn = Array.ConvertAll(weights, w => metric.Compute(whole.WithWeights(w)));
        var found = new PermutationImportance[columns.Count];
        workers.For(columns.Count, c =>
        {
            double loss = 0;
            var losses = new double[drawn.Length];
            for (int s = 0; s < Shuffles; s++)
            {
                int[] order = [.. Enumerable.Range(0, rows.RowCount)];
                random.Child(c * Shuffles + s).Shuffle<int>(order);
                var shuffled = Measured(rows.With(rows[columns[c]].Take(order)));
                loss += sign * (value - metric.Compute(shuffled)) / Shuffles;
                for (int i = 0; i < drawn.Length; i++) losses[i] += sign * (drawn[i] - metric.Compute(shuffled.WithWeights(weights[i]))) / Shuffles;
            }
            var (low, high) = BootstrapSample.Limits(loss, losses);
            found[c] = new(columns[c], new(loss, low, high));
        });
        return [.. found.OrderByDescending(column => column.Loss.Value).ThenBy(column => column.Column, StringComparer.Ordinal)];
    }
}
