namespace Tilth.Reporting.Charts;

/// <summary>How one row's prediction came about: from the average, one column after the other, to the prediction.</summary>
public static class WaterfallChart
{
    const int RowHeight = 26, MostSteps = 8;
    const double MostNameWidth = 168, ValueSize = 15 / 13.0; // the style "value" is larger than the others

    /// <summary>An SVG picture.</summary>
    /// <param name="title">Which row it is.</param>
    /// <param name="start">The average prediction.</param>
    /// <param name="steps">What each column moves, the largest first; small ones beyond the eighth are joined.</param>
    /// <param name="format">How predictions are written.</param>
    /// <param name="formatMove">How the size of a step is written.</param>
    public static string Draw(string title, double start, IReadOnlyList<(string Name, double Move)> steps, Func<double, string> format, Func<double, string> formatMove)
    {
        List<(string Name, double Move)> shown = [.. steps.Take(MostSteps)];
        if (steps.Count > MostSteps) shown.Add(($"{steps.Count - MostSteps} other columns", steps.Skip(MostSteps).Sum(step => step.Move)));
        double low = start, high = start, at = start;
        foreach (var (_, move) in shown) (at, low, high) = (at + move, Math.Min(low, at + move), Math.Max(high, at + move));
        if (!(high > low)) high = low + Math.Max(1e-9, Math.Abs(low));
        var svg = new Svg(Plot.Width, (shown.Count + 2) * RowHeight + 4, title, $"From {format(start)} on average to {format(at)}.");
        double left = Math.Min(MostNameWidth, shown.Max(step => Svg.WidthOf(step.Name))) + 14;
        // Wherever a bar ends, its number has room beside it.
        double right = Plot.Width - 10 - Math.Max(ValueSize * Math.Max(Svg.WidthOf(format(start)), Svg.WidthOf(format(at))), shown.Max(step => Svg.WidthOf("−" + formatMove(Math.Abs(step.Move)))));
        double X(double value) => left + (value - low) / (high - low) * (right - left);
        Line(svg, 0, "on average", start, left, X, format);
        at = start;
        for (int i = 0; i < shown.Count; i++)
        {
            double top = (i + 1) * RowHeight + 5, next = at + shown[i].Move;
            svg.Text(left - 8, top + 12, Svg.Shorten(shown[i].Name, MostNameWidth), "end");
            svg.Rectangle(X(Math.Min(at, next)), top, Math.Max(1.5, Math.Abs(X(next) - X(at))), RowHeight - 10, shown[i].Move >= 0 ? "up" : "down");
            svg.Line(X(next), top, X(next), top + RowHeight, "grid");
            svg.Text(X(Math.Max(at, next)) + 6, top + 12, (shown[i].Move >= 0 ? "+" : "−") + formatMove(Math.Abs(shown[i].Move)));
            at = next;
        }
        Line(svg, (shown.Count + 1) * RowHeight, "this row", at, left, X, format);
        return svg.ToString();
    }

    static void Line(Svg svg, double top, string name, double value, double left, Func<double, double> x, Func<double, string> format)
    {
        svg.Text(left - 8, top + 17, name, "end", "value");
        svg.Line(x(value), top + 2, x(value), top + 24, "whisker");
        svg.Text(x(value) + 6, top + 17, format(value), "start", "value");
    }
}
