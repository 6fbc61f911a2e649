namespace Tilth.Reporting.Charts;

/// <summary>What was called what: a square of cells, darker where more of the row's class lies.</summary>
public static class ConfusionChart
{
    const int MostClasses = 12;

    /// <summary>An SVG picture; of many classes the most frequent ones are shown.</summary>
    /// <param name="classes">Class names.</param>
    /// <param name="confusion">Weight of the rows of class i that are called j.</param>
    public static string Draw(IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<double>> confusion)
    {
        int[] shown = [.. Enumerable.Range(0, classes.Count).OrderByDescending(k => confusion[k].Sum()).Take(MostClasses).Order()];
        var svg = new Svg(Plot.Width, Plot.Height, "Confusion matrix", "Each line is a true class, each column what its rows were called."
            + (shown.Length < classes.Count ? $" The {shown.Length} most frequent of {classes.Count} classes." : ""));
        double left = 104, top = 44, width = (388 - left) / shown.Length, height = (288 - top) / shown.Length;
        svg.Text(left + (388 - left) / 2, 14, "called", "middle");
        svg.TextUpwards(14, top + (288 - top) / 2, "true class");
        for (int i = 0; i < shown.Length; i++)
        {
            svg.Text(left - 8, top + (i + 0.5) * height + 4, Cut(classes[shown[i]], 11), "end");
            svg.Text(left + (i + 0.5) * width, top - 8, Cut(classes[shown[i]], Math.Max(1, (int)(width / 7))), "middle");
            double total = confusion[shown[i]].Sum();
            for (int j = 0; j < shown.Length; j++)
            {
                double weight = confusion[shown[i]][shown[j]], share = total > 0 ? weight / total : 0;
                svg.Rectangle(left + j * width + 1, top + i * height + 1, width - 2, height - 2, i == j ? "cell right" : "cell wrong", 0.06 + 0.74 * share);
                bool wide = width >= 44;
                svg.Text(left + (j + 0.5) * width, top + (i + 0.5) * height + (wide && height >= 40 ? -2 : 4), wide ? Numbers.Short(weight) : weight > 0 ? $"{share * 100:0}" : "", "middle", wide ? "value" : "label");
                if (wide && height >= 40) svg.Text(left + (j + 0.5) * width, top + (i + 0.5) * height + 15, Numbers.Percent(share), "middle", "share");
            }
        }
        return svg.ToString();
    }

    static string Cut(string name, int letters) => name.Length <= letters ? name : name[..Math.Max(1, letters - 1)] + "…";
}
