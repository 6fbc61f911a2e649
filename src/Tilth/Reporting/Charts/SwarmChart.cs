using Tilth.Explanation;

namespace Tilth.Reporting.Charts;

/// <summary>How far each column moved the score of single rows: a dot a row, warmer where the column's value is higher.</summary>
public static class SwarmChart
{
    const int RowHeight = 34, Bins = 60, Shades = 5;
    const double MostNameWidth = 120, Dot = 2.2;

    /// <summary>An SVG picture.</summary>
    public static string Draw(IReadOnlyList<SwarmColumn> columns)
    {
        if (columns.Count == 0) return "";
        double[] all = [.. columns.SelectMany(column => column.Moves).Order()];
        double low = Math.Min(0, all[all.Length / 500]), high = Math.Max(0, all[^(1 + all.Length / 500)]);
        if (!(high > low)) return "";
        var svg = new Svg(Plot.Width, columns.Count * RowHeight + 34, "What moved single predictions", "A line of dots a column; right of the middle line the column moved the prediction up, left of it down.");
        double left = Math.Min(MostNameWidth, columns.Max(column => Svg.WidthOf(column.Column))) + 12, right = Plot.Width - 8;
        double X(double move) => left + (Math.Clamp(move, low, high) - low) / (high - low) * (right - left);
        for (int i = 0; i < columns.Count; i++)
        {
            double middle = i * RowHeight + RowHeight / 2.0;
            svg.Line(left, middle, right, middle, "grid");
            svg.Text(left - 8, middle + 4, Svg.Shorten(columns[i].Column, MostNameWidth), "end");
            Dots(svg, columns[i], middle, X, left, right);
        }
        svg.Line(X(0), 0, X(0), columns.Count * RowHeight, "axis");
        svg.Text(left, columns.Count * RowHeight + 22, "← lower", "start");
        svg.Text(right, columns.Count * RowHeight + 22, "higher →", "end");
        return svg.ToString();
    }

    /// <summary>Dots of one place stand above and below the line in turn.</summary>
    static void Dots(Svg svg, SwarmColumn column, double middle, Func<double, double> x, double left, double right)
    {
        var heights = new int[Bins + 1];
        int[] bins = [.. column.Moves.Select(move => (int)((x(move) - left) / (right - left) * Bins))];
        double step = Math.Min(2 * Dot, (RowHeight - 6.0) / Math.Max(1, bins.CountBy(bin => bin).Max(bin => bin.Value)));
        for (int i = 0; i < bins.Length; i++)
        {
            int number = heights[bins[i]]++;
            double offset = (number + 1) / 2 * step * (number % 2 == 0 ? 1 : -1), rank = column.Ranks[i];
            svg.Circle(x(column.Moves[i]), middle + offset, Dot, rank < 0 ? "s" : $"s s{Math.Min(Shades - 1, (int)(rank * Shades))}");
        }
    }
}
