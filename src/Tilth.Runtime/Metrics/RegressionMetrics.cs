using Tilth.Kernels;

namespace Tilth.Metrics;

/// <summary>Metrics of predicted numbers. An error is prediction - target.</summary>
internal static class RegressionMetrics
{
    const double Epsilon = 2.220446049250313e-16;

    /// <summary>Square root of the mean squared error.</summary>
    public static double Rmse(EvaluationData data) => Math.Sqrt(data.MeanOf(row => Error(data, row) * Error(data, row)));

    /// <summary>Mean absolute error.</summary>
    public static double Mae(EvaluationData data) => data.MeanOf(row => Math.Abs(Error(data, row)));

    /// <summary>Mean of |error| / |target|; targets of 0 count as 2.2e-16, as in scikit-learn, so that they show.</summary>
    public static double Mape(EvaluationData data)
        => data.MeanOf(row => Math.Abs(Error(data, row)) / Math.Max(Math.Abs(data.Targets[row]), Epsilon));

    /// <summary>Mean of |error| over the mean of |target| and |prediction|; 0 where both are 0. From 0 to 2.</summary>
    public static double Smape(EvaluationData data) => data.MeanOf(row =>
    {
        double size = Math.Abs(data.Targets[row]) + Math.Abs(data.Predictions[row]);
        return size > 0 ? 2 * Math.Abs(Error(data, row)) / size : 0;
    });

    /// <summary>1 - squared error / squared distance from the rows' mean; for a constant target 1 if exact, else 0.</summary>
    public static double R2(EvaluationData data)
    {
        double mean = data.MeanOf(row => data.Targets[row]);
        double error = data.MeanOf(row => Error(data, row) * Error(data, row));
        double spread = data.MeanOf(row => (data.Targets[row] - mean) * (data.Targets[row] - mean));
        if (spread > 0) return 1 - error / spread;
        return error > 0 ? 0 : 1;
    }

    /// <summary>The weighted median of |error|; the middle of two where they share the half.</summary>
    public static double MedianAbsoluteError(EvaluationData data)
    {
        double half = data.WeightSum / 2, below = 0;
        double? lower = null;
        foreach (int row in data.ErrorOrder)
        {
            double w = data.WeightOf(row), size = Math.Abs(Error(data, row));
            if (w == 0) continue;
            if (lower is { } first) return (first + size) / 2;
            below += w;
            if (below == half) lower = size;
            else if (below > half) return size;
        }
        return lower ?? Math.Abs(Error(data, data.ErrorOrder[^1]));
    }

    /// <summary>Mean pinball loss of the median: half of the mean absolute error.</summary>
    public static double Pinball(EvaluationData data) => Pinball(data, 0.5);

    /// <summary>Mean pinball loss (Koenker and Bassett, 1978) of predictions of the quantile at <paramref name="level"/>.</summary>
    public static double Pinball(EvaluationData data, double level)
        => data.MeanOf(row => Error(data, row) is var error && error > 0 ? (1 - level) * error : -level * error);

    /// <summary>Mean Poisson deviance 2 (y log(y / p) - y + p); NaN unless targets are at least 0 and predictions above 0.</summary>
    public static double PoissonDeviance(EvaluationData data) => data.MeanOf(row =>
    {
        double y = data.Targets[row], p = data.Predictions[row];
        if (y < 0 || p <= 0) return y == 0 && p == 0 ? 0 : double.NaN;
        // Rounding may leave -1e-17 for a perfect prediction.
        return Math.Max(0, 2 * ((y > 0 ? y * Elementary.Log(y / p) : 0) - y + p));
    });

    /// <summary>Mean error: above 0 the predictions are too high.</summary>
    public static double Bias(EvaluationData data) => data.MeanOf(row => Error(data, row));

    static double Error(EvaluationData data, int row) => data.Predictions[row] - data.Targets[row];
}
