using Tilth.Data;
using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>
/// A 95 % interval for every metric. AUC of plain rows: DeLong. Plain shares of rows: Wilson. Everything else, and everything
/// where rows belong together: the bootstrap, one set of resamples for all metrics and for the baseline beside them.
/// </summary>
internal static class MetricIntervals
{
    const int FewInClass = 10;

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
            var (lower, upper) = Bootstrapped(metric, data, value, [.. replicates.Select(r => r.Scores[at])], reach);
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

    /// <summary>
    /// Percentiles, but for two cases that they do not see. A calibration error of noise alone is above 0, and in its square the
    /// noise of a resample adds as much again: what is left when it is taken off twice. And where resamples agree because hardly a
    /// row is of the rarer class, the number of these rows says how little that proves (Wilson).
    /// </summary>
    static (double Lower, double Upper) Bootstrapped(Metric metric, EvaluationData data, double value, double[] replicates, double reach)
    {
        if (metric.Name == "ece")
        {
            var (least, most) = BootstrapSample.Percentiles(replicates.Select(r => Math.Sqrt(Math.Max(0, 2 * value * value - r * r))));
            return (Math.Min(least, value), Math.Max(most, value));
        }
        var (lower, upper) = BootstrapSample.Limits(value, replicates, reach);
        if (metric.Needs != MetricNeeds.Decisions || data.Task != TaskKind.Binary) return (lower, upper);
        int rarer = data.Targets.CountBy(y => y).Min(pair => pair.Value);
        if (lower != upper && rarer >= FewInClass) return (lower, upper);
        double width = metric.Upper - metric.Lower;
        var (low, high) = ProportionInterval.Wilson((value - metric.Lower) / width, rarer);
        return (Math.Min(lower, metric.Lower + width * low), Math.Max(upper, metric.Lower + width * high));
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
        var (auc, variance, degrees) = DeLongInterval.Of(data.OrderOf(0), data.Predictions, row => data.Targets[row] == 1);
        int positives = data.Targets.Count(y => y == 1);
        var (low, high) = DeLongInterval.Limits(auc, variance, degrees, Math.Min(positives, data.RowCount - positives));
        return (low, high, "DeLong");
    }

    static double Within(Metric metric, double limit) => double.IsNaN(limit) ? limit : Math.Clamp(limit, metric.Lower, metric.Upper);

    static double[] NaNs(int count) => [.. Enumerable.Repeat(double.NaN, count)];
}
