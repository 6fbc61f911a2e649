using System.Text;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Metrics;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's long tables: every measure, every column, every decision.</summary>
internal static class AppendixSections
{
    const int MostDecisions = 500;

    public static string Write(ReportContent content) => $"<h2>Appendix</h2>{Metrics(content.Evaluation)}{ReportColumns.Write(content)}{Decisions(content.Decisions)}{Settings(content)}";

    static string Settings(ReportContent content)
    {
        string rows = string.Concat(content.Lineage.Where(MakingSections.IsSetting).Select(pair => $"<tr><td class=\"w\">{Escape(pair.Key[PackageReport.SettingMark.Length..])}</td><td class=\"w\">{Escape(pair.Value)}</td></tr>"));
        return rows.Length == 0 ? "" : $"<h3>The learner's settings</h3><div class=\"scroll\"><table class=\"narrow\">{rows}</table></div>";
    }

    static string Metrics(Evaluation.Evaluation e)
    {
        var rows = new StringBuilder();
        foreach (var score in e.Metrics)
        {
            var metric = MetricCatalog.All.FirstOrDefault(m => m.Name == score.Name);
            rows.Append($"<tr><td>{Escape(metric?.Title ?? score.Name)}</td><td class=\"n\">{Numbers.Short(score.Score.Value)}</td><td class=\"n\">{Range(score.Score)}</td>"
                + $"<td class=\"n\">{Numbers.Short(score.Baseline)}</td><td class=\"soft help\">{Escape(metric?.Help ?? "")}</td></tr>");
        }
        return $"<h3>All measures</h3><div class=\"scroll\"><table><tr><th>Measure</th><th class=\"n\">Value</th><th class=\"n\">95 % interval</th><th class=\"n\">Trivial</th><th class=\"help\">What it says</th></tr>{rows}</table></div>"
            + "<p class=\"soft\">Trivial: the same measure for predictions that look at no column (the mean, or the class shares of the training rows).</p>";
    }

    static string Decisions(IReadOnlyList<Decision> decisions)
    {
        if (decisions.Count == 0) return "";
        string rows = string.Concat(decisions.Take(MostDecisions).Select(d => $"<tr><td class=\"w\">{Escape(d.Subject)}</td><td class=\"w\">{Escape(d.Choice)}</td><td class=\"w soft\">{Escape(d.Evidence)}</td></tr>"));
        string rest = decisions.Count > MostDecisions ? $"<p class=\"soft\">The first {MostDecisions} of {decisions.Count}.</p>" : "";
        return $"<h3>What was decided for you</h3><p>Each of these can be overruled.</p><div class=\"scroll\"><table><tr><th>About</th><th>Choice</th><th>Why</th></tr>{rows}</table></div>{rest}";
    }

    static string Range(Interval interval) => double.IsNaN(interval.Lower) ? "unknown" : $"{Numbers.Short(interval.Lower)} to {Numbers.Short(interval.Upper)}";
}
