using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Metrics;

/// <summary>Metrics that read probabilities: they are good only where 30 % means three times in ten.</summary>
internal static class ProbabilityMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1, as scikit-learn does: one sure error is not infinitely bad.</summary>
    const double Epsilon = 2.220446049250313e-16;

    const int CalibrationBins = 10;

    /// <summary>Mean of -log of the probability that was given to what happened.</summary>
    public static double LogLoss(EvaluationData data) => data.MeanOf(row => -Elementary.Log(ClippedTruth(data, row)));

    /// <summary>Mean squared distance of the probabilities from what happened (Brier, 1950): over the positive class for two
    /// classes, summed over all for more.</summary>
    public static double Brier(EvaluationData data)
    {
        if (data.Task == TaskKind.Binary)
            return data.MeanOf(row => (data.Predictions[row] - data.Targets[row]) * (data.Predictions[row] - data.Targets[row]));
        int classes = data.ClassCount;
        return data.MeanOf(row =>
        {
            double sum = 0;
            for (int k = 0; k < classes; k++)
            {
                double distance = data.Predictions[row * classes + k] - (data.Targets[row] == k ? 1 : 0);
                sum += distance * distance;
            }
            return sum;
        });
    }

    /// <summary>Expected calibration error over ten bins of equal width (Naeini et al., 2015): the mean distance between the
    /// stated probability and the share that happened; for several classes that of the most likely one.</summary>
    public static double CalibrationError(EvaluationData data)
    {
        var stated = new double[CalibrationBins];
        var happened = new double[CalibrationBins];
        int classes = data.ClassCount;
        for (int row = 0; row < data.RowCount; row++)
        {
            bool binary = data.Task == TaskKind.Binary;
            double p = binary ? data.Predictions[row] : data.Predictions[row * classes + data.Decisions[row]];
            bool hit = data.Targets[row] == (binary ? 1 : data.Decisions[row]);
            int bin = Math.Clamp((int)(p * CalibrationBins), 0, CalibrationBins - 1);
            stated[bin] += data.WeightOf(row) * p;
            happened[bin] += hit ? data.WeightOf(row) : 0;
        }
        double sum = 0;
        for (int bin = 0; bin < CalibrationBins; bin++) sum += Math.Abs(stated[bin] - happened[bin]);
        return sum / data.WeightSum;
    }

    static double ClippedTruth(EvaluationData data, int row)
    {
        if (data.Task == TaskKind.Binary)
        {
            double p = data.Predictions[row];
            return Math.Clamp(data.Targets[row] == 1 ? p : 1 - p, Epsilon, 1 - Epsilon);
        }
        int classes = data.ClassCount;
        double sum = 0;
        for (int k = 0; k < classes; k++) sum += Clip(data.Predictions[row * classes + k]);
        return Clip(data.Predictions[row * classes + (int)data.Targets[row]]) / sum;
    }

    static double Clip(double p) => Math.Clamp(p, Epsilon, 1 - Epsilon);
}
