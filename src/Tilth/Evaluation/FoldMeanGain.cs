using Tilth.Data;
using Tilth.Metrics;

namespace Tilth.Evaluation;

/// <summary>
/// A package predicts with the mean of its fold models, but a row can only be foreseen by those that did not learn from it: one
/// of each division into folds. So an out-of-fold score is too bad. The error of a mean of K models is about a + b / K; where
/// rows were foreseen under several divisions, the mean and the single predictions give a and b, and with them the score of the
/// mean that is packed. Counted decisions stay as they were counted.
/// </summary>
internal static class FoldMeanGain
{
    /// <summary>The evaluation with every score and interval moved to what the packed mean scores.</summary>
    /// <param name="measured">Of the mean over the divisions.</param>
    /// <param name="target">Of the evaluated rows.</param>
    /// <param name="foreseen">Of fewer than 2 divisions nothing is moved.</param>
    /// <param name="weights">One a row, or null.</param>
    public static Evaluation Add(Evaluation measured, Target target, Divisions foreseen, double[]? weights)
    {
        var (divisions, _, models) = foreseen;
        int times = divisions.Count;
        if (times < 2 || models <= foreseen.MeanOf) return measured;
        double[] mean = [.. Enumerable.Range(0, divisions[0].Length).Select(i => divisions.Average(one => one[i]))];
        double ahead = (1 / foreseen.MeanOf - 1.0 / models) / (1 - 1.0 / times);
        return measured with { Metrics = [.. measured.Metrics.Select(Moved)] };

        double Compute(Metric metric, double[] predictions) => metric.Compute(new EvaluationData(target.Schema, target.Values, predictions, weights));

        MetricScore Moved(MetricScore score)
        {
            var metric = MetricCatalog.Find(score.Name);
            if (metric.Needs == MetricNeeds.Decisions) return score;
            double gain = ahead * (Compute(metric, mean) - divisions.Average(one => Compute(metric, one)));
            if (!double.IsFinite(gain)) return score;
            double Within(double value) => double.IsNaN(value) ? value : Math.Clamp(value + gain, metric.Lower, metric.Upper);
            var (value, trivial) = (score.Score, score.Difference);
            return score with
            {
                Score = new(Within(value.Value), Within(value.Lower), Within(value.Upper)),
                Difference = new(trivial.Value + gain, trivial.Lower + gain, trivial.Upper + gain),
            };
        }
    }
}
