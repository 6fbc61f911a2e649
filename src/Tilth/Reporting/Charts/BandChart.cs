using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>A line of a chart beside the main curve.</summary>
/// <param name="Name">What it is; written at its end. Empty for none.</param>
/// <param name="Points">From left to right.</param>
public sealed record ReferenceLine(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>A curve with its 95 % band, over dashed lines that it is compared with.</summary>
public static class BandChart
{
    /// <summary>An SVG picture.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="description">The same in a sentence.</param>
    /// <param name="band">From left to right.</param>
    /// <param name="references">Dashed lines.</param>
    /// <param name="x">Name and range of the horizontal axis.</param>
    /// <param name="y">Name and range of the vertical axis.</param>
    public static string Draw(string title, string description, IReadOnlyList<BandPoint> band, IReadOnlyList<ReferenceLine> references,
        (string Name, double Low, double High) x, (string Name, double Low, double High) y)
    {
        if (band.Count == 0) return "";
        var plot = new Plot(title, description, (x.Low, x.High), (y.Low, y.High), x.Name, y.Name, format: Numbers.Whole);
        var known = band.Where(point => !double.IsNaN(point.Lower)).ToList();
        if (known.Count > 1) plot.Svg.Polygon([.. known.Select(point => plot.At(point.X, point.Upper)), .. known.AsEnumerable().Reverse().Select(point => plot.At(point.X, point.Lower))], "band");
        foreach (var line in references)
        {
            plot.Svg.Polyline(line.Points.Select(point => plot.At(point.X, point.Y)), "reference");
            if (line.Name.Length > 0 && line.Points.Count > 1) Name(plot, line);
        }
        plot.Svg.Polyline(band.Select(point => plot.At(point.X, point.Value)), "curve");
        return plot.ToString();
    }

    /// <summary>Beside the middle of a line that rises or falls, above the end of one that does not.</summary>
    static void Name(Plot plot, ReferenceLine line)
    {
        CurvePoint first = line.Points[0], last = line.Points[^1];
        if (Math.Abs(plot.Y(last.Y) - plot.Y(first.Y)) < 20)
        {
            plot.Svg.Text(plot.X(last.X) - 2, plot.Y(last.Y) - 5, line.Name, "end");
            return;
        }
        bool falls = last.Y < first.Y;
        CurvePoint middle = line.Points.Count > 2 ? line.Points[line.Points.Count / 2] : new((first.X + last.X) / 2, (first.Y + last.Y) / 2);
        plot.Svg.Text(plot.X(middle.X) + 8, plot.Y(middle.Y) + (falls ? 4 : 14), line.Name);
    }
}
