using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>The receiver operating characteristic: what is found against what is falsely called, over all thresholds.</summary>
public static class RocChart
{
    /// <summary>An SVG picture.</summary>
    /// <param name="points">False positive rate (X) and true positive rate (Y).</param>
    public static string Draw(IReadOnlyList<CurvePoint> points)
    {
        var plot = new Plot("ROC curve", "How many positives are found against how many negatives are falsely called; the dashed diagonal is chance.",
            (0, 1), (0, 1), "negatives falsely called", "positives found", format: Numbers.Whole);
        plot.Svg.Line(plot.X(0), plot.Y(0), plot.X(1), plot.Y(1), "reference");
        plot.Svg.Polyline(points.Select(p => plot.At(p.X, p.Y)), "curve");
        return plot.ToString();
    }
}
