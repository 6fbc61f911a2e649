namespace Tilth.Reporting.Charts;

/// <summary>A thousand rows as a thousand dots: found, missed, falsely called, left alone. Marks differ in shape as well as in colour.</summary>
public static class IconArray
{
    const int Across = 40, Down = 25, Cell = 10;

    /// <summary>An SVG picture of 1,000 dots.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="found">Positive rows that are called so, of 1,000.</param>
    /// <param name="missed">Positive rows that are not.</param>
    /// <param name="alarms">Other rows that are called positive.</param>
    public static string Draw(string title, int found, int missed, int alarms)
    {
        var svg = new Svg(Across * Cell, Down * Cell, title, $"{found} found, {missed} missed, {alarms} falsely called, {1000 - found - missed - alarms} rightly left alone.");
        for (int i = 0; i < Across * Down; i++)
        {
            // Column by column, so that each kind is one block.
            double x = i / Down * Cell + Cell / 2.0, y = i % Down * Cell + Cell / 2.0;
            if (i < found) svg.Circle(x, y, 3.9, "right");
            else if (i < found + missed) svg.Circle(x, y, 3.2, "missed");
            else if (i < found + missed + alarms) svg.Rectangle(x - 3.2, y - 3.2, 6.4, 6.4, "wrong");
            else svg.Circle(x, y, 1.8, "quiet");
        }
        return svg.ToString();
    }
}
