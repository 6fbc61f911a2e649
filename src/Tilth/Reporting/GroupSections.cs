using System.Text;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Honesty;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's part about how the predictions do for groups of rows.</summary>
internal static class GroupSections
{
    public static string Write(ReportContent content)
    {
        if (content.Groups.Count == 0) return "<h2>5 Does it treat groups alike?</h2><p>Nobody measured this. <code>tilth evaluate ... --groups sex,region</code> or <code>tilth train ... --groups sex,region</code> does, for any columns.</p>";
        return "<h2>5 Does it treat groups alike?</h2><p>Errors of each group with 95 % intervals. Groups differ in many ways: a gap is a reason to look, and no gap is no proof that all is well.</p>" + string.Concat(content.Groups.Select(group => Of(group, content.Evaluation)));
    }

    static string Of(GroupFindings findings, Evaluation.Evaluation e)
    {
        var rows = new StringBuilder();
        foreach (var group in findings.Groups)
        {
            rows.Append($"<tr><td class=\"w\">{Escape(group.Name)}</td><td class=\"n\">{Numbers.Count(group.Rows)}</td>");
            foreach (var cell in Cells(group, e.Task)) rows.Append($"<td class=\"n\">{cell}</td>");
            rows.Append("</tr>");
        }
        string head = string.Concat(Heads(e).Select(name => $"<th class=\"n\">{Escape(name)}</th>"));
        string hidden = findings.HiddenRows > 0 ? $"<p class=\"soft\">{Escape($"{Numbers.Count(findings.HiddenRows)} rows of groups with fewer than 10 are not shown, so that nobody can be recognised.")}</p>" : "";
        string gaps = string.Concat(findings.Gaps.Where(gap => gap.Gap.Lower > 0).Select(gap => $"<li>{Escape($"{gap.Measure}: '{gap.High}' is above '{gap.Low}' by {Format(gap, gap.Gap.Value)} (95 %: {Format(gap, gap.Gap.Lower)} to {Format(gap, gap.Gap.Upper)}).")}</li>"));
        string charts = Chart(findings, e);
        return $"<h3>{Escape(findings.Column)}</h3>{charts}<div class=\"scroll\"><table><tr><th>Group</th><th class=\"n\">Rows</th>{head}</tr>{rows}</table></div>{hidden}"
            + (gaps.Length > 0 ? $"<p>Gaps that chance alone hardly explains:</p><ul>{gaps}</ul>" : "<p>No gap between groups is larger than chance could make it.</p>");
    }

    static string Chart(GroupFindings findings, Evaluation.Evaluation e)
    {
        if (e.Task != TaskKind.Binary || findings.Groups.Count > 12) return "";
        var figures = new StringBuilder();
        void Bars(string caption, Func<GroupScore, Interval> of, string note) => PerformanceSections.Figure(figures, caption,
            BarChart.Draw(caption, [.. findings.Groups.Where(group => !double.IsNaN(of(group).Value)).Select(group => new NamedBar(group.Name, of(group).Value, of(group).Lower, of(group).Upper))], Numbers.Whole), note);
        Bars($"Found, of those that are '{e.Classes[1]}'", group => group.Found, "The others are missed.");
        Bars($"False alarms, of those that are not '{e.Classes[1]}'", group => group.FalseAlarms, "");
        return $"<div class=\"charts\">{figures}</div>";
    }

    static string[] Heads(Evaluation.Evaluation e) => e.Task switch
    {
        TaskKind.Binary => [$"'{e.Classes[1]}'", "stated", "called", "found", "false alarms", "calls right"],
        TaskKind.Regression => ["mean, true", "mean, predicted", "mean error size"],
        _ => ["named right"],
    };

    static IEnumerable<string> Cells(GroupScore group, TaskKind task) => task switch
    {
        TaskKind.Binary => new[] { group.Actual, group.Foreseen, group.Called, group.Found, group.FalseAlarms, group.Right }.Select(Share),
        TaskKind.Regression => new[] { group.Actual, group.Foreseen, group.Right }.Select(value => Numbers.Short(value.Value)),
        _ => [Share(group.Found)],
    };

    static string Share(Interval value) => double.IsNaN(value.Value) ? "" : Numbers.Whole(value.Value) + (double.IsNaN(value.Lower) ? "" : $"<br/><span class=\"soft\">{100 * value.Lower:0} to {100 * value.Upper:0}</span>");

    static string Format(GroupGap gap, double value) => gap.Measure == "mean absolute error" ? Numbers.Short(value) : Numbers.Percent(value);
}
