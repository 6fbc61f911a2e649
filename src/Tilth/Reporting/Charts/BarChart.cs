namespace Tilth.Reporting.Charts;

/// <summary>One bar with a name.</summary>
/// <param name="Name">Stands before it.</param>
/// <param name="Value">Its length, at least 0.</param>
/// <param name="Lower">Lower limit of an interval; NaN for none.</param>
/// <param name="Upper">Upper limit of an interval; NaN for none.</param>
public sealed record NamedBar(string Name, double Value, double Lower = double.NaN, double Upper = double.NaN);

/// <summary>Named values as bars, one below the other.</summary>
public static class BarChart
{
    const int RowHeight = 24;
    const double MostNameWidth = 186;

    /// <summary>An SVG picture.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="bars">From top to bottom.</param>
    /// <param name="format">How values are written; null for four significant digits.</param>
    public static string Draw(string title, IReadOnlyList<NamedBar> bars, Func<double, string>? format = null)
    {
        if (bars.Count == 0) return "";
        format ??= Numbers.Short;
        var svg = new Svg(Plot.Width, bars.Count * RowHeight + 8, title, string.Join(", ", bars.Select(bar => $"{bar.Name} {format(bar.Value)}")));
        double left = Math.Min(MostNameWidth, bars.Max(bar => Svg.WidthOf(bar.Name))) + 12, right = 340, most = Math.Max(1e-300, bars.Max(bar => double.IsNaN(bar.Upper) ? bar.Value : Math.Max(bar.Value, bar.Upper)));
        for (int i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            double top = 4 + i * RowHeight, middle = top + RowHeight / 2.0;
            double X(double value) => left + Math.Max(0, value) / most * (right - left);
            svg.Text(left - 8, middle + 4, Svg.Shorten(bar.Name, MostNameWidth), "end");
            svg.Rectangle(left, top + 4, X(bar.Value) - left, RowHeight - 8, "bar");
            bool limits = !double.IsNaN(bar.Lower) && !double.IsNaN(bar.Upper);
            if (limits) svg.Line(X(bar.Lower), middle, X(bar.Upper), middle, "whisker");
            svg.Text(X(limits ? Math.Max(bar.Value, bar.Upper) : bar.Value) + 6, middle + 4, format(bar.Value));
        }
        return svg.ToString();
    }
}
