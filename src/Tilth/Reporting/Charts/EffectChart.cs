using System.Globalization;
using Tilth.Explanation;

namespace Tilth.Reporting.Charts;

/// <summary>What a column does to the prediction: the mean over rows, a few single rows, and for numbers the local effect.</summary>
public static class EffectChart
{
    const int BarHeight = 26;

    /// <summary>An SVG picture.</summary>
    /// <param name="effect">A column's effect.</param>
    /// <param name="unit">What the vertical axis is.</param>
    /// <param name="shares">True for probabilities, which are written in percent.</param>
    public static string Draw(EffectFinding effect, string unit, bool shares)
    {
        Func<double, string> format = shares ? Numbers.Whole : Numbers.Short;
        return effect.Kind == "category" ? Bars(effect, unit, format) : Lines(effect, unit, format);
    }

    static string Lines(EffectFinding effect, string unit, Func<double, string> format)
    {
        double[] heights = [.. effect.Mean.Concat(effect.Rows.SelectMany(row => row)).Concat(effect.Local.Select(point => point.Y)).Where(double.IsFinite).Order()];
        if (heights.Length == 0 || effect.Positions.Count < 2) return "";
        bool date = effect.Kind == "date";
        var plot = new Plot(effect.Column, $"The thick line is the mean of {unit} if every row had the value; thin lines are single rows.", (effect.Positions[0], effect.Positions[^1]),
            (heights[0], heights[^1]), Svg.Shorten(effect.Column, 240), Svg.Shorten(unit, 200), ticksX: !date, format: format, formatX: Numbers.Short);
        if (date)
        {
            plot.Svg.Text(plot.X(effect.Positions[0]), 268, Day(effect.Positions[0]), "start");
            plot.Svg.Text(plot.X(effect.Positions[^1]), 268, Day(effect.Positions[^1]), "end");
        }
        foreach (var row in effect.Rows) plot.Svg.Polyline(effect.Positions.Zip(row, plot.At), "single");
        if (effect.Local.Count > 1) plot.Svg.Polyline(effect.Local.Select(point => plot.At(point.X, point.Y)), "reference strong");
        plot.Svg.Polyline(effect.Positions.Zip(effect.Mean, plot.At), "curve");
        return plot.ToString();
    }

    /// <summary>Levels have no order: a dot a level, from the highest to the lowest.</summary>
    static string Bars(EffectFinding effect, string unit, Func<double, string> format)
    {
        int[] order = [.. Enumerable.Range(0, effect.Mean.Count).OrderByDescending(i => effect.Mean[i])];
        double low = effect.Mean.Min(), high = effect.Mean.Max(), space = Math.Max((high - low) * 0.08, 1e-12);
        (low, high) = (low - space, high + space);
        double left = Math.Min(150, effect.Labels.Max(Svg.WidthOf)) + 12, right = 336;
        var svg = new Svg(Plot.Width, order.Length * BarHeight + 30, effect.Column, $"The mean of {unit} if every row had the level.");
        double X(double value) => left + (value - low) / (high - low) * (right - left);
        for (int i = 0; i < order.Length; i++)
        {
            double middle = i * BarHeight + BarHeight / 2.0, value = effect.Mean[order[i]];
            svg.Text(left - 8, middle + 4, Svg.Shorten(effect.Labels[order[i]], 150), "end");
            svg.Line(left, middle, X(value), middle, "grid");
            svg.Circle(X(value), middle, 5, "dot");
            svg.Text(X(value) + 10, middle + 4, format(value));
        }
        svg.Text((left + right) / 2, order.Length * BarHeight + 20, Svg.Shorten(unit, 240), "middle");
        return svg.ToString();
    }

    static string Day(double ticks) => ticks is >= 0 and < 3.155e18 ? new DateTime((long)ticks).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
}
