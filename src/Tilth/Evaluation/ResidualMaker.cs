using Tilth.Metrics;

namespace Tilth.Evaluation;

/// <summary>The spread of a regression's errors.</summary>
internal static class ResidualMaker
{
    const int Bars = 40;
    const int SampleRows = 500;

    public static ResidualSummary Of(EvaluationData data)
    {
        int[] rows = [.. data.OrderOf(0).Where(row => data.WeightOf(row) > 0)];
        var errors = Array.ConvertAll(rows, row => data.Predictions[row] - data.Targets[row]);
        var weights = Array.ConvertAll(rows, data.WeightOf);
        Array.Sort(errors, weights);
        return new()
        {
            Quantiles = [.. ResidualSummary.Levels.Select(level => level switch { 0 => errors[0], 1 => errors[^1], _ => Quantile(errors, weights, level) })],
            Histogram = Histogram(errors, weights),
            Sample = Sample(data, rows),
        };
    }

    static List<HistogramBar> Histogram(double[] errors, double[] weights)
    {
        double low = Quantile(errors, weights, 0.005), high = Quantile(errors, weights, 0.995);
        if (!(high > low)) return [new(errors[0], errors[^1], weights.Sum())];
        int bars = Math.Clamp((int)(2 * Math.Sqrt(errors.Length)), 5, Bars);
        double width = (high - low) / bars;
        var heights = new double[bars];
        for (int i = 0; i < errors.Length; i++)
            heights[(int)Math.Clamp((errors[i] - low) / width, 0, bars - 1)] += weights[i];
        return [.. heights.Select((height, i) => new HistogramBar(low + i * width, low + (i + 1) * width, height))];
    }

    static List<CurvePoint> Sample(EvaluationData data, int[] rows)
    {
        int count = Math.Min(SampleRows, rows.Length);
        return [.. Enumerable.Range(0, count).Select(i => rows[(int)((2L * i + 1) * rows.Length / (2 * count))])
            .Select(row => new CurvePoint(data.Predictions[row], data.Targets[row]))];
    }

    /// <summary>The smallest error with at least that share of the weight at or below it.</summary>
    static double Quantile(double[] ascending, double[] weights, double level)
    {
        double goal = level * weights.Sum(), below = 0;
        for (int i = 0; i < ascending.Length; i++)
            if ((below += weights[i]) >= goal) return ascending[i];
        return ascending[^1];
    }
}
