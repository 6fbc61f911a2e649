using Tilth.Metrics;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's parts about how the model was made, and how it is used.</summary>
internal static class MakingSections
{
    public static string Write(ReportContent content)
    {
        string rows = string.Concat(Told(content).Select(pair => $"<tr><td class=\"w\">{Escape(pair.Key.Replace('_', ' '))}</td><td class=\"w\">{Escape(pair.Value)}</td></tr>"));
        if (rows.Length == 0 && content.Readable is null) return "";
        return $"<h2>2 How it was made</h2>{(rows.Length == 0 ? "" : $"<p>The same data, plan and seed give the same model, byte for byte.</p><div class=\"scroll\"><table>{rows}</table></div>")}{Readable(content.Readable)}";
    }

    /// <summary>What a reader needs to make it again, without the learner's settings, which the appendix has.</summary>
    static IEnumerable<KeyValuePair<string, string>> Told(ReportContent content)
        => content.Lineage.Where(pair => !IsSetting(pair)).Select(pair => KeyValuePair.Create(pair.Key.Replace("sha256", "SHA-256", StringComparison.Ordinal), pair.Value));

    /// <summary>A setting of the learner, marked by its name.</summary>
    internal static bool IsSetting(KeyValuePair<string, string> pair) => pair.Key.StartsWith(PackageReport.SettingMark, StringComparison.Ordinal);

    static string Readable(ReadablePrice? price)
    {
        if (price is null) return "";
        var metric = MetricCatalog.All.FirstOrDefault(m => m.Name == price.Metric);
        double cost = Math.Abs(price.Best.Value - price.Readable.Value);
        bool same = price.Readable.Value >= price.Best.Lower && price.Readable.Value <= price.Best.Upper;
        return $"<h3>What a model that people can read would cost</h3><p>{Escape($"{metric?.Title ?? price.Metric}: {Numbers.Short(price.Best.Value)} for this model, {Numbers.Short(price.Readable.Value)} for the best that is a plain sum of curves and can be read line by line. {(same ? "The difference lies within the noise: ask for the readable one." : $"Readability would cost {Numbers.Short(cost)}.")}")}</p>";
    }

    public static string Use(ReportContent content)
    {
        string file = Escape(content.PackageFile);
        return $"<h2>6 How to use it</h2><pre>tilth predict {file} new.csv --out predictions.csv\ntilth explain {file} new.csv\ntilth evaluate {file} test.csv --groups column</pre>"
            + "<p class=\"soft\">This page documents a model. It is no clearance as a medical device and no legal assessment.</p>";
    }
}
