using Tilth.Explanation;

namespace Tilth.Reporting.Charts;

/// <summary>What two columns do together: a table of cells, redder where the prediction is higher and bluer where it is lower, each with its number.</summary>
public static class HeatMap
{
    const int Height = 34;
    const double Right = 394, MostNameWidth = 110;

    /// <summary>An SVG picture.</summary>
    /// <param name="pair">The table.</param>
    /// <param name="unit">What the numbers are.</param>
    /// <param name="format">How numbers are written; too wide ones are left out, as the colour tells them too.</param>
    public static string Draw(PairFinding pair, string unit, Func<double, string> format)
    {
        double[] values = [.. pair.Mean.SelectMany(row => row).Where(double.IsFinite)];
        if (values.Length == 0) return "";
        double middle = values.Average(), reach = values.Max(value => Math.Abs(value - middle));
        double left = Math.Min(MostNameWidth, pair.FirstLabels.Max(label => Svg.WidthOf(Word(label)))) + 12, width = (Right - left) / pair.SecondLabels.Count;
        int top = 24, bottom = top + Height * pair.FirstLabels.Count;
        var svg = new Svg(Plot.Width, bottom + 44, $"{pair.First} and {pair.Second}", $"Each cell is {unit} at that value of {pair.First} (down) and of {pair.Second} (across), the other columns as they are.");
        svg.Text(2, 14, Svg.Shorten(pair.First, 280));
        bool fits = values.All(value => Svg.WidthOf(format(value)) <= width - 2);
        for (int i = 0; i < pair.FirstLabels.Count; i++)
        {
            svg.Text(left - 8, top + (i + 0.5) * Height + 4, Svg.Shorten(Word(pair.FirstLabels[i]), MostNameWidth), "end");
            for (int j = 0; j < pair.SecondLabels.Count; j++)
            {
                double value = pair.Mean[i][j], x = left + j * width;
                if (!double.IsFinite(value)) svg.Rectangle(x + 2, top + i * Height + 2, width - 4, Height - 4, "unseen");
                else
                {
                    svg.Rectangle(x + 1, top + i * Height + 1, width - 2, Height - 2, value >= middle ? "up" : "down", 0.06 + (reach > 0 ? 0.54 * Math.Abs(value - middle) / reach : 0));
                    if (fits) svg.Text(x + width / 2, top + (i + 0.5) * Height + 4, format(value), "middle", "share");
                }
            }
        }
        for (int j = 0; j < pair.SecondLabels.Count; j++) svg.Text(left + (j + 0.5) * width, bottom + 16, Svg.Shorten(Word(pair.SecondLabels[j]), width - 4), "middle");
        svg.Text((left + Right) / 2, bottom + 36, Svg.Shorten(pair.Second, 280), "middle");
        return svg.ToString();
    }

    /// <summary>A number with as many digits as are read; other words as they are.</summary>
    static string Word(string label) => double.TryParse(label, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value) && label.Length > 6 ? Numbers.Short(value) : label;
}
