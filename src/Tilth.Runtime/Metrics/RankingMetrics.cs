namespace Tilth.Metrics;

/// <summary>
/// Metrics that read only the order of the predictions. One walk from the highest score to the lowest; rows of equal score
/// are taken together, as a threshold cannot part them.
/// </summary>
internal static class RankingMetrics
{
    /// <summary>The chance that a positive row scores above a negative one, ties counted half (Mann and Whitney, 1947).</summary>
    public static double Auc(EvaluationData data) => AucOf(data, 0, 1);

    /// <summary>The mean over classes of the AUC of one class against the rest; classes without rows are left out.</summary>
    public static double AucOneVersusRest(EvaluationData data)
    {
        double sum = 0;
        int counted = 0;
        for (int k = 0; k < data.ClassCount; k++)
        {
            double auc = AucOf(data, k, k);
            if (double.IsNaN(auc)) continue;
            sum += auc;
            counted++;
        }
        return counted == 0 ? double.NaN : sum / counted;
    }

    /// <summary>Sum over thresholds of precision times the recall that the threshold adds (no interpolation).</summary>
    public static double AveragePrecision(EvaluationData data)
    {
        double positives = 0, negatives = 0, sum = 0;
        foreach (var (hit, miss) in Steps(data, 0, 1))
        {
            positives += hit;
            negatives += miss;
            if (hit > 0) sum += hit * positives / (positives + negatives);
        }
        return positives > 0 ? sum / positives : double.NaN;
    }

    static double AucOf(EvaluationData data, int output, int positiveClass)
    {
        double positives = 0, negatives = 0, pairs = 0;
        foreach (var (hit, miss) in Steps(data, output, positiveClass))
        {
            pairs += miss * (positives + 0.5 * hit);
            positives += hit;
            negatives += miss;
        }
        return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : double.NaN;
    }

    /// <summary>Positive and negative weight of each distinct score, from the highest down.</summary>
    internal static IEnumerable<(double Hit, double Miss)> Steps(EvaluationData data, int output, int positiveClass)
    {
        var order = data.OrderOf(output);
        var (targets, scores, weights, outputs) = (data.Targets, data.Predictions, data.Weights, data.Schema.OutputCount);
        for (int at = order.Length - 1; at >= 0;)
        {
            double score = scores[order[at] * outputs + output], hit = 0, miss = 0;
            for (; at >= 0 && scores[order[at] * outputs + output] == score; at--)
            {
                int row = order[at];
                double w = weights is null ? 1 : weights[row];
                if (targets[row] == positiveClass) hit += w;
                else miss += w;
            }
            if (hit + miss > 0) yield return (hit, miss);
        }
    }
}
