using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>Stated probabilities against the shares that happened, each with its 95 % interval.</summary>
public static class CalibrationChart
{
    /// <summary>An SVG picture.</summary>
    public static string Draw(IReadOnlyList<CalibrationBin> bins)
    {
        double high = bins.Count == 0 ? 1 : Math.Clamp(bins.Max(bin => Math.Max(bin.Stated, bin.Happened.Upper)), 1e-6, 1);
        var plot = new Plot("Calibration", "Stated probability against the share that happened, in groups of rows; on the dashed diagonal both agree.",
            (0, high), (0, high), "stated probability", "share that happened", format: Numbers.Whole);
        plot.Svg.Line(plot.X(0), plot.Y(0), plot.X(high), plot.Y(high), "reference");
        plot.Svg.Polyline(bins.Select(bin => plot.At(bin.Stated, bin.Happened.Value)), "curve thin");
        foreach (var bin in bins)
        {
            plot.Svg.Line(plot.X(bin.Stated), plot.Y(bin.Happened.Lower), plot.X(bin.Stated), plot.Y(bin.Happened.Upper), "whisker");
            plot.Svg.Circle(plot.X(bin.Stated), plot.Y(bin.Happened.Value), 4, "dot");
        }
        return plot.ToString();
    }
}
