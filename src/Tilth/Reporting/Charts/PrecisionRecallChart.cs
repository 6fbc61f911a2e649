using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>How right positive calls are against how many positives they find, over all thresholds.</summary>
public static class PrecisionRecallChart
{
    /// <summary>An SVG picture.</summary>
    /// <param name="points">Recall (X) and precision (Y).</param>
    /// <param name="share">The share of positives, which blind calls reach.</param>
    public static string Draw(IReadOnlyList<CurvePoint> points, double share)
    {
        var plot = new Plot("Precision and recall", "How many positive calls are right against how many positives are found; the dashed line is chance.",
            (0, 1), (0, 1), "positives found (recall)", "calls that are right (precision)", format: Numbers.Whole);
        plot.Svg.Line(plot.X(0), plot.Y(share), plot.X(1), plot.Y(share), "reference");
        plot.Svg.Polyline(points.Select(p => plot.At(p.X, p.Y)), "curve");
        return plot.ToString();
    }
}
