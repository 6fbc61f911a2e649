using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>How many rows lie where.</summary>
public static class HistogramChart
{
    /// <summary>An SVG picture.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="name">What lies along the axis.</param>
    /// <param name="bars">From left to right.</param>
    public static string Draw(string title, string name, IReadOnlyList<HistogramBar> bars)
    {
        if (bars.Count == 0) return "";
        var plot = new Plot(title, $"Rows by {name}.", (bars[0].Lower, bars[^1].Upper), (0, bars.Max(bar => bar.Weight) * 1.05), name, "rows");
        foreach (var bar in bars)
            plot.Svg.Rectangle(plot.X(bar.Lower) + 0.5, plot.Y(bar.Weight), plot.X(bar.Upper) - plot.X(bar.Lower) - 1, plot.Y(0) - plot.Y(bar.Weight), "bar");
        return plot.ToString();
    }
}
