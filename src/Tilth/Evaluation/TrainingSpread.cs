using Tilth.Data;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>
/// The part of an out-of-fold score's uncertainty that drawing the scored rows again does not show. Each row is also learned
/// from: what row i teaches moves the loss of row j, and as a model that minimises the loss learns from both alike, row j moves
/// the loss of row i by as much. So errors of rows go together (Bengio and Grandvalet, 2004), and the interval of independent
/// rows is too narrow (Bates, Hastie and Tibshirani, 2023). To first order in the influence of single rows
///
///     Var(score - truth) = Var(losses of rows) / n + Var(a row's loss over training sets) / n,
///
/// of which resampling gives the first. The second is read off two divisions into K folds: the models that foresee a row under
/// each share all but about 1 / K of their rows, so that their variance is 1 / (K - 1) of that between training sets. A decision
/// turns over in proportion to the deviation of the prediction, not to its square: there the root of K - 1 counts.
/// </summary>
internal static class TrainingSpread
{
    const int Draws = 100;

    /// <summary>The evaluation with wider intervals.</summary>
    /// <param name="measured">Of the mean over the divisions.</param>
    /// <param name="target">Of the evaluated rows.</param>
    /// <param name="foreseen">Of fewer than 2 divisions nothing is known, and nothing is widened.</param>
    /// <param name="options">Those of the evaluation.</param>
    public static Evaluation Add(Evaluation measured, Target target, Divisions foreseen, EvaluationOptions options)
    {
        var (divisions, folds, _) = foreseen;
        int times = divisions.Count;
        if (times < 2 || folds < 2) return measured;
        Metric[] metrics = [.. measured.Metrics.Select(score => MetricCatalog.Find(score.Name))];
        double ScaleOf(Metric metric) => (metric.Needs == MetricNeeds.Decisions ? Math.Sqrt(folds - 1) : folds - 1) * times / (times - 1);
        var drawn = new double[BootstrapSample.Count(measured.RowCount * target.Schema.OutputCount, Draws)][];
        var random = new RandomSource(options.Seed).Child(-1);
        options.Workers.For(drawn.Length, i =>
        {
            var mixed = new EvaluationData(target.Schema, target.Values, Mixed(divisions, target.Schema.OutputCount, options.Groups, random.Child(i)), options.Weights, options.Threshold, options.Costs);
            drawn[i] = Array.ConvertAll(metrics, metric => metric.Compute(mixed));
        });
        return measured with { Metrics = [.. measured.Metrics.Select((score, m) => Widened(score, metrics[m], ScaleOf(metrics[m]) * Variance([.. drawn.Select(one => one[m])])))] };
    }

    /// <summary>Each row (each group, where rows belong together) as one of the divisions foresaw it, by chance.</summary>
    static double[] Mixed(IReadOnlyList<double[]> divisions, int outputs, int[]? groups, RandomSource random)
    {
        var mixed = new double[divisions[0].Length];
        for (int row = 0; row < mixed.Length / outputs; row++)
        {
            double[] from = divisions[groups is null ? random.NextInt(divisions.Count) : (int)(random.ChildSeed(groups[row]) % (ulong)divisions.Count)];
            from.AsSpan(row * outputs, outputs).CopyTo(mixed.AsSpan(row * outputs));
        }
        return mixed;
    }

    static MetricScore Widened(MetricScore score, Metric metric, double added)
    {
        double Within(double limit) => Math.Clamp(limit, metric.Lower, metric.Upper);
        var wider = Wider(score.Score, added);
        return score with { Score = wider with { Lower = Within(wider.Lower), Upper = Within(wider.Upper) }, Difference = Wider(score.Difference, added) };
    }

    /// <summary>Both sides in proportion, so that a leaning interval goes on leaning.</summary>
    static Interval Wider(Interval interval, double added)
    {
        double half = (interval.Upper - interval.Lower) / 2;
        if (!(half > 0) || !double.IsFinite(added)) return interval;
        double scale = Math.Sqrt(1 + added * ProportionInterval.Z95 * ProportionInterval.Z95 / (half * half));
        return interval with { Lower = interval.Value - scale * (interval.Value - interval.Lower), Upper = interval.Value + scale * (interval.Upper - interval.Value) };
    }

    static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
