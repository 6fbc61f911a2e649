using System.Text;
using Tilth.Data;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's part about the data: how many rows came in, which were left out and why, what is foreseen, what may leak.</summary>
internal static class DataSections
{
    public static string Write(ReportContent content) => $"<h2>1 The data</h2>{Flow(content)}{Classes(content.Evaluation)}{Missing(content)}{HonestySections.Suspicions(content.Findings)}";

    /// <summary>Rows in, rows out, as boxes.</summary>
    static string Flow(ReportContent content)
    {
        var e = content.Evaluation;
        double learned = Number(content, "rows"), read = Number(content, "rows_read");
        var boxes = new StringBuilder();
        void Box(string value, string words, string style = "") => boxes.Append($"<li{style}><b>{value}</b>{Escape(words)}</li>");
        if (read > learned) Box(Numbers.Count(read), $"{content.Rows} came in");
        if (read > learned) Box(Numbers.Count(read - learned), $"left out: {e.Target} is not known for them", " class=\"out\"");
        if (!double.IsNaN(learned)) Box(Numbers.Count(learned), read > learned ? "could be learned from" : $"{content.Rows} came in; none was left out");
        if (e.RowsFrom == "sealed hold-out" && learned > e.RowCount) Box(Numbers.Count(learned - e.RowCount), "of them were learned from");
        Box(Numbers.Count(e.RowCount), e.RowsFrom switch
        {
            "sealed hold-out" => "others were sealed, and read once for the score",
            "out of fold" => "of them were foreseen by models that had not learned from them, for the score",
            "test file" => "others, of a test file, gave the score",
            _ => $"gave the score: {e.RowsFrom}",
        });
        int ignored = content.Schema?.Columns.Count(column => column.Role is ColumnRole.Ignored or ColumnRole.Identifier) ?? 0, features = content.Schema?.Features.Count() ?? 0;
        string columns = features == 0 ? "" : $"<p>{Escape($"{features} columns were learned from{(ignored > 0 ? $", {ignored} left out (the appendix says which, and why)" : "")}.")}</p>";
        return $"<ol class=\"flow\">{boxes}</ol>{columns}";
    }

    static string Classes(Evaluation.Evaluation e)
    {
        if (e.Classes.Count == 0) return "";
        double all = Math.Max(1, e.ClassRows.Sum());
        int[] shown = [.. Enumerable.Range(0, e.Classes.Count).OrderByDescending(k => e.ClassRows[k]).Take(20)];
        string rows = string.Concat(shown.Select(k => $"<tr><td class=\"w\">{Escape(e.Classes[k])}</td><td class=\"n\">{Numbers.Count(e.ClassRows[k])}</td><td class=\"n\">{Numbers.Percent(e.ClassRows[k] / all)}</td></tr>"));
        return $"<h3>{Escape($"What happened in the {Numbers.Count(e.RowCount)} rows of the score")}</h3><div class=\"scroll\"><table class=\"narrow\"><tr><th>{Escape(e.Target)}</th><th class=\"n\">Rows</th><th class=\"n\">Share</th></tr>{rows}</table></div>";
    }

    static string Missing(ReportContent content)
    {
        if (content.Profile is not { } profile) return "";
        var gaps = profile.Columns.Where(column => column.MissingShare > 0 && column.Name != content.Evaluation.Target).OrderByDescending(column => column.MissingShare).ThenBy(column => column.Name, StringComparer.Ordinal).ToList();
        return gaps.Count == 0 ? "<h3>What is missing</h3><p>No column that was learned from has gaps.</p>"
            : "<h3>What is missing</h3>" + BarChart.Draw("Share of rows without a value", [.. gaps.Take(8).Select(column => new NamedBar(column.Name, column.MissingShare))], Numbers.Percent)
                + $"<p>{(gaps.Count > 8 ? $"The 8 of {gaps.Count} columns with the most gaps. " : "")}Gaps are no reason to leave a row out: the model learns what a gap goes together with.</p>";
    }

    static double Number(ReportContent content, string name)
        => double.TryParse(content.Lineage.FirstOrDefault(pair => pair.Key == name).Value?.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
