using System.Text;
using Tilth.Data;
using Tilth.Honesty;
using Tilth.Reporting.Charts;
using Tilth.Walk;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>What somebody reads who knows nothing of machine learning: what is foreseen, how well, and what not to use it for.</summary>
internal static class FirstPage
{
    const int MostLeanedOn = 5;

    public static string Write(ReportContent content)
    {
        var e = content.Evaluation;
        var mark = (content.Findings?.Verdict ?? Verdict.Of(e)).Mark;
        return $"""
            <p class="soft">Tilth report</p><h1>Predicting {Escape(e.Target)}</h1>
            <p>{Escape(PlainWords.What(content))}</p>{Warning(content, mark)}
            <div class="lead"><div class="card">Does it know anything?<b class="mark {mark.ToString().ToLowerInvariant()}">{mark}</b>{Escape(PlainWords.OfMark(mark, e))}</div>{Cards(content)}</div>
            {Thousand(content)}{LeanedOn(content)}
            <div class="lead uses"><div class="card"><h3>What it is for</h3><p>{Escape(content.Use ?? "Whoever answers for this model did not say what it is for. It should be written down before it is used: tilth report --use \"...\".")}</p></div>
            <div class="card not"><h3>What it must not be used for</h3><ul>{string.Concat(PlainWords.NotFor(content, mark).Select(item => $"<li>{Escape(item)}</li>"))}</ul></div></div>
            <p class="soft">{Escape(ReportWords.Rows(e, content.Decisions))}</p>
            """;
    }

    /// <summary>What has to be settled before anything else is read.</summary>
    static string Warning(ReportContent content, VerdictMark mark)
    {
        var words = new StringBuilder();
        if (mark == VerdictMark.None) words.Append("<p><strong>Do not use these predictions.</strong> They are no better than those of somebody who looks at nothing.</p>");
        if (ColumnAnswers.NotKnownOf(content.Decisions) is { Count: > 0 } unknown)
            words.Append($"<p><strong>Do not trust the score.</strong> {Escape($"Whoever trained this model answered that {string.Join(" and ", unknown.Select(column => $"'{column}'"))} {(unknown.Count == 1 ? "is" : "are")} not known at the moment of the prediction. Everything on this page is too good; it must be trained again without {(unknown.Count == 1 ? "it" : "them")}.")}</p>");
        var settled = ColumnAnswers.NotKnownOf(content.Decisions).Concat(ColumnAnswers.KnownOf(content.Decisions)).ToHashSet();
        var open = content.Findings?.Suspicions.Where(suspicion => !suspicion.LeftOut && suspicion.Column is not null && !settled.Contains(suspicion.Column)).Select(suspicion => $"'{suspicion.Column}'").Distinct().Take(3).ToList() ?? [];
        if (open.Count > 0)
            words.Append($"<p><strong>First ask:</strong> {Escape($"is {string.Join(" and ", open)} really known at the moment of the prediction? If not, everything on this page is too good. The section “Check this before you trust the score” says why.")}</p>");
        if (mark == VerdictMark.Signal && PlainWords.HardlyCalls(content) is { } hardly) words.Append($"<p><strong>It hardly ever decides for it.</strong> {Escape(hardly)}</p>");
        return words.Length == 0 ? "" : $"<div class=\"banner\">{words}</div>";
    }

    static string Cards(ReportContent content)
        => string.Concat(PlainWords.Cards(content).Select(card => $"<div class=\"card\">{Escape(card.Title)}<b>{Escape(card.Value)}</b>{Escape(card.Words)}</div>"));

    /// <summary>The picture of the first page.</summary>
    static string Thousand(ReportContent content)
    {
        var e = content.Evaluation;
        if (e.Task == TaskKind.Binary)
        {
            var (found, missed, alarms) = PlainWords.OfThousand(e);
            string positive = e.Classes[1];
            return $"<figure class=\"first\"><figcaption>{Escape($"1,000 {content.Rows} like these")}</figcaption>{IconArray.Draw($"1,000 {content.Rows} like these", found, missed, alarms)}"
                + $"<ul class=\"legend\"><li class=\"k-right\">{Escape($"{Numbers.Count(found)} are '{positive}' and are found")}</li><li class=\"k-missed\">{Escape($"{Numbers.Count(missed)} are '{positive}' and are missed")}</li>"
                + $"<li class=\"k-wrong\">{Escape($"{Numbers.Count(alarms)} are called '{positive}' and are not (false alarms)")}</li><li class=\"k-quiet\">{Escape($"{Numbers.Count(1000 - found - missed - alarms)} are rightly left alone")}</li></ul>"
                + $"<p>{Escape($"Called '{positive}' from a probability of {Numbers.Percent(e.Threshold)} on{(content.Findings?.Costs is { } costs ? $", as a miss costs {Numbers.Short(costs.Costs.Miss)} and a false alarm {Numbers.Short(costs.Costs.FalseAlarm)}" : "")}.")}</p></figure>";
        }
        if (e.Residuals is { } residuals)
            return $"<figure class=\"first\"><figcaption>Predicted and true values</figcaption>{PredictedVsActualChart.Draw(residuals.Sample)}<p>A dot a row: on the dashed line the prediction was exactly right; above it the truth was higher.</p></figure>";
        return $"<figure class=\"first\"><figcaption>What was called what</figcaption>{ConfusionChart.Draw(e.Classes, e.Confusion)}<p>Each line is a true class; the green cells are named right.</p></figure>";
    }

    static string LeanedOn(ReportContent content) => content.Importance.Count == 0 ? ""
        : $"<figure class=\"first\"><figcaption>What the predictions lean on most</figcaption>{BarChart.Draw("What the predictions lean on most", [.. content.Importance.Take(MostLeanedOn)], Numbers.Percent)}"
            + "<p>A column's share in moving the predictions. It says what the model looks at, not what causes what.</p></figure>";
}
