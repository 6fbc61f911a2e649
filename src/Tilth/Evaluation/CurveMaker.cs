using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>ROC, precision-recall and calibration curves, thinned to what an eye can tell apart.</summary>
internal static class CurveMaker
{
    const int MostPoints = 200;
    const int CalibrationGroups = 10;

    public static ProbabilityCurves Of(EvaluationData data)
    {
        double positives = 0, negatives = 0;
        foreach (var (hit, miss) in RankingMetrics.Steps(data, 0, 1)) (positives, negatives) = (positives + hit, negatives + miss);
        List<CurvePoint> roc = [new(0, 0)], precisionRecall = [];
        double hits = 0, misses = 0;
        foreach (var (hit, miss) in RankingMetrics.Steps(data, 0, 1))
        {
            (hits, misses) = (hits + hit, misses + miss);
            if (positives > 0 && negatives > 0) roc.Add(new(misses / negatives, hits / positives));
            if (positives > 0) precisionRecall.Add(new(hits / positives, hits / (hits + misses)));
        }
        return new() { Roc = Thin(roc), PrecisionRecall = Thin(precisionRecall), Calibration = Calibration(data) };
    }

    /// <summary>At most 200 points spread evenly along the curve, the first and the last always.</summary>
    static IReadOnlyList<CurvePoint> Thin(List<CurvePoint> points)
    {
        if (points.Count <= MostPoints) return points;
        double length = 0;
        for (int i = 1; i < points.Count; i++) length += Distance(points[i - 1], points[i]);
        var kept = new List<CurvePoint> { points[0] };
        double gone = 0;
        for (int i = 1; i < points.Count - 1; i++)
        {
            gone += Distance(points[i - 1], points[i]);
            if (gone < kept.Count * length / (MostPoints - 1)) continue;
            if (kept.Count < MostPoints - 1) kept.Add(points[i]);
        }
        kept.Add(points[^1]);
        return kept;
    }

    static double Distance(CurvePoint a, CurvePoint b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y);

    /// <summary>About equally many rows a group; rows of equal probability stay together.</summary>
    static List<CalibrationBin> Calibration(EvaluationData data)
    {
        var order = data.OrderOf(0);
        var bins = new List<CalibrationBin>();
        for (int start = 0; start < order.Length;)
        {
            int end = Math.Max(start + 1, (int)((long)order.Length * (bins.Count + 1) / CalibrationGroups));
            while (end < order.Length && data.Predictions[order[end]] == data.Predictions[order[end - 1]]) end++;
            double stated = 0, happened = 0, total = 0, squares = 0;
            foreach (int row in order.AsSpan(start, end - start))
            {
                double w = data.WeightOf(row);
                (stated, happened) = (stated + w * data.Predictions[row], happened + w * data.Targets[row]);
                (total, squares) = (total + w, squares + w * w);
            }
            if (total > 0)
            {
                var (lower, upper) = ProportionInterval.Wilson(happened / total, total * total / squares);
                bins.Add(new(stated / total, new(happened / total, lower, upper), end - start));
            }
            start = end;
        }
        return bins;
    }
}
