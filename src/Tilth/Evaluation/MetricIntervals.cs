using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>
/// A 95 % interval for every metric. AUC of plain rows: DeLong. Plain shares of rows: Wilson. Everything else, and everything
/// where rows belong together: the bootstrap, one set of resamples for all metrics and for the baseline beside them.
/// </summary>
internal static class MetricIntervals
{
    /// <summary>Every metric of the task on the rows and on the same rows with the baseline's predictions.</summary>
    public static IReadOnlyList<MetricScore> Of(EvaluationData data, EvaluationData baseline, EvaluationOptions options)
    {
        Metric[] metrics = [.. MetricCatalog.For(data.Task)];
        var replicates = Resample(data, baseline, metrics, options);
        string method = options.Groups is null ? "bootstrap" : "grouped bootstrap";
        double reach = BootstrapSample.Reach(data.RowCount, options.Groups);
        var scores = new MetricScore[metrics.Length];
        for (int m = 0; m < metrics.Length; m++)
        {
            var metric = metrics[m];
            int at = m;
            double value = metric.Compute(data), trivial = metric.Compute(baseline);
            var (lower, upper) = BootstrapSample.Limits(value, replicates.Select(r => r.Scores[at]), reach);
            var (below, above) = BootstrapSample.Limits(value - trivial, replicates.Select(r => r.Scores[at] - r.Baseline[at]), reach);
            string how = method;
            if (options.Groups is null && Exact(metric, data) is var (exactLower, exactUpper, name)) (lower, upper, how) = (exactLower, exactUpper, name);
            scores[m] = new(metric.Name, new(value, Within(metric, lower), Within(metric, upper)), how, trivial, new(value - trivial, below, above));
        }
        return scores;
    }

    /// <summary>Metrics x resamples of a data set and of others on the same rows, drawn together.</summary>
    internal static (double[] Scores, double[] Baseline)[] Resample(EvaluationData data, EvaluationData baseline, Metric[] metrics, EvaluationOptions options)
    {
        var sample = new BootstrapSample(data.RowCount, data.Weights, options.Groups, options.Seed);
        var replicates = new (double[], double[])[BootstrapSample.Count(data.RowCount * data.Schema.OutputCount, options.Resamples)];
        options.Workers.For(replicates.Length, i =>
        {
            var weights = sample.Weights(i);
            if (!weights.Any(w => w > 0))
            {
                replicates[i] = (NaNs(metrics.Length), NaNs(metrics.Length));
                return;
            }
            var (one, other) = (data.WithWeights(weights), baseline.WithWeights(weights));
            replicates[i] = (Array.ConvertAll(metrics, m => m.Compute(one)), Array.ConvertAll(metrics, m => m.Compute(other)));
        });
        return replicates;
    }

    static (double Lower, double Upper, string Method)? Exact(Metric metric, EvaluationData data)
    {
        if (metric.Share is { } shareOf)
        {
            var share = shareOf(data);
            if (share.Trials <= 0) return (0, 1, "Wilson");
            var (lower, upper) = ProportionInterval.Wilson(share.Hits / share.Trials, share.Trials * share.Trials / share.SquaredWeights);
            return (lower, upper, "Wilson");
        }
        if (metric.Name != "auc" || data.Weights is not null) return null;
        var (auc, variance) = DeLongInterval.Of(data.OrderOf(0), data.Predictions, row => data.Targets[row] == 1);
        int positives = data.Targets.Count(y => y == 1);
        var (low, high) = DeLongInterval.Limits(auc, variance, Math.Min(positives, data.RowCount - positives));
        return (low, high, "DeLong");
    }

    static double Within(Metric metric, double limit) => double.IsNaN(limit) ? limit : Math.Clamp(limit, metric.Lower, metric.Upper);

    static double[] NaNs(int count) => [.. Enumerable.Repeat(double.NaN, count)];
}
