using Tilth.Data;
using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>Two sets of predictions of the same rows, measured on the same resamples: what both find hard cancels out.</summary>
public static class PairedComparison
{
    /// <summary>Metric of <paramref name="first"/> - metric of <paramref name="second"/> with its 95 % bootstrap interval.</summary>
    /// <param name="target">What happened.</param>
    /// <param name="first">Rows x outputs.</param>
    /// <param name="second">Rows x outputs.</param>
    /// <param name="metric">A metric of the target's task.</param>
    /// <param name="options">Weights, groups, threshold, resamples, seed, threads.</param>
    public static Interval Difference(Target target, double[] first, double[] second, Metric metric, EvaluationOptions? options = null)
    {
        options ??= EvaluationOptions.Default;
        EvaluationData one = new(target.Schema, target.Values, first, options.Weights, options.Threshold);
        EvaluationData other = new(target.Schema, target.Values, second, options.Weights, options.Threshold);
        double difference = metric.Compute(one) - metric.Compute(other);
        var replicates = MetricIntervals.Resample(one, other, [metric], options);
        var (lower, upper) = BootstrapSample.Limits(difference, replicates.Select(r => r.Scores[0] - r.Baseline[0]), BootstrapSample.Reach(one.RowCount, options.Groups));
        return new(difference, lower, upper);
    }
}
