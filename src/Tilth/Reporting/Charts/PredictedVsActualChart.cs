using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>Predictions against true values, a dot a row.</summary>
public static class PredictedVsActualChart
{
    /// <summary>An SVG picture; the range leaves out the farthest hundredth so that one outlier does not hide the rest.</summary>
    /// <param name="sample">Prediction (X) and true value (Y).</param>
    public static string Draw(IReadOnlyList<CurvePoint> sample)
    {
        if (sample.Count == 0) return "";
        double[] all = [.. sample.SelectMany(p => (double[])[p.X, p.Y]).Order()];
        double low = all[all.Length / 200], high = all[^(1 + all.Length / 200)];
        var plot = new Plot("Predicted and true values", "A dot a row; on the dashed diagonal both agree. Dots beyond the range stand on its edge.", (low, high), (low, high), "predicted", "true value");
        plot.Svg.Line(plot.X(low), plot.Y(low), plot.X(high), plot.Y(high), "reference");
        foreach (var point in sample) plot.Svg.Circle(plot.X(point.X), plot.Y(point.Y), 2.2, "dot faint");
        return plot.ToString();
    }
}
