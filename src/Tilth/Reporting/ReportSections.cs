using System.Text;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Honesty;
using Tilth.Metrics;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's parts, each as HTML.</summary>
internal static class ReportSections
{
    const int MostDecisions = 500, MostImportant = 20;

    public static string Lead(ReportContent content)
    {
        var e = content.Evaluation;
        var score = e.HeadlineScore();
        var metric = MetricCatalog.Find(score.Name);
        var (mark, sentence, enough, optimism) = content.Findings?.Verdict ?? Verdict.Of(e);
        string frequencies = ReportWords.Frequencies(e) is { } words ? $"<p>{Escape(words)}</p>" : "";
        return $"""
            <p class="soft">Tilth report</p><h1>Predicting {Escape(e.Target)}</h1>
            <div class="lead">
            <div class="card">Verdict<b class="mark {mark.ToString().ToLowerInvariant()}">{mark}</b>{Escape(sentence)}</div>
            <div class="card">{Escape(metric.Title)}<b>{Numbers.Short(score.Score.Value)}</b>95 % interval {Range(score.Score)}; without looking at any column {Numbers.Short(score.Baseline)}; {(metric.HigherIsBetter ? "higher" : "lower")} is better.</div>
            </div>
            <p>{Escape(ReportWords.Headline(e))}</p>{frequencies}<p>{Escape(enough)} {Escape(optimism)}</p>
            <h2>Where the scores come from</h2><p>{Escape(ReportWords.Rows(e, content.Decisions))}</p>{ClassTable(e)}
            """;
    }

    public static string Metrics(Evaluation.Evaluation e)
    {
        var rows = new StringBuilder();
        foreach (var score in e.Metrics)
        {
            var metric = MetricCatalog.All.FirstOrDefault(m => m.Name == score.Name);
            rows.Append($"<tr><td>{Escape(metric?.Title ?? score.Name)}</td><td class=\"n\">{Numbers.Short(score.Score.Value)}</td><td class=\"n\">{Range(score.Score)}</td>"
                + $"<td class=\"n\">{Numbers.Short(score.Baseline)}</td><td class=\"soft help\">{Escape(metric?.Help ?? "")}</td></tr>");
        }
        return $"<h2>All measures</h2><div class=\"scroll\"><table><tr><th>Measure</th><th class=\"n\">Value</th><th class=\"n\">95 % interval</th><th class=\"n\">Trivial</th><th class=\"help\">What it says</th></tr>{rows}</table></div>"
            + "<p class=\"soft\">Trivial: the same measure for predictions that look at no column (the mean, or the class shares of the training rows).</p>";
    }

    public static string Charts(Evaluation.Evaluation e)
    {
        var figures = new StringBuilder();
        if (e.Curves is { } curves)
        {
            double share = e.ClassRows.Sum() > 0 ? (double)e.ClassRows[1] / e.ClassRows.Sum() : 0;
            Figure(figures, "ROC curve", RocChart.Draw(curves.Roc), "The nearer to the upper left corner, the better. The diagonal is chance.");
            Figure(figures, "Precision and recall", PrecisionRecallChart.Draw(curves.PrecisionRecall, share), "Finding more positives usually costs more false calls.");
            Figure(figures, "Calibration", CalibrationChart.Draw(curves.Calibration), "On the diagonal, 30 % happens three times in ten. Bars are 95 % intervals.");
        }
        if (e.Confusion.Count > 0)
            Figure(figures, "What was called what", ConfusionChart.Draw(e.Classes, e.Confusion), "Each line is a true class; shares are of that class.");
        if (e.Residuals is { } residuals)
        {
            Figure(figures, "Predicted and true values", PredictedVsActualChart.Draw(residuals.Sample), "On the diagonal both agree.");
            Figure(figures, "Errors", ResidualChart.Draw(residuals), $"Half of the errors lie between {Numbers.Short(residuals.Quantiles[4])} and {Numbers.Short(residuals.Quantiles[6])}, nine in ten between {Numbers.Short(residuals.Quantiles[2])} and {Numbers.Short(residuals.Quantiles[8])}.");
        }
        return $"<h2>Pictures</h2><div class=\"charts\">{figures}</div>";
    }

    public static string Importance(IReadOnlyList<NamedBar> importance)
    {
        if (importance.Count == 0) return "";
        string rest = importance.Count > MostImportant ? $"<p class=\"soft\">The first {MostImportant} of {importance.Count} columns.</p>" : "";
        return "<h2>What the predictions lean on</h2><p>Each column's share in moving the predictions. It says what the model uses, not what causes what. Ask of the first ones: is this known at the time of the prediction?</p>"
            + BarChart.Draw("Importance of columns", [.. importance.Take(MostImportant)], Numbers.Percent) + rest;
    }

    public static string Decisions(IReadOnlyList<Decision> decisions)
    {
        if (decisions.Count == 0) return "";
        string rows = string.Concat(decisions.Take(MostDecisions).Select(d => $"<tr><td class=\"w\">{Escape(d.Subject)}</td><td class=\"w\">{Escape(d.Choice)}</td><td class=\"w soft\">{Escape(d.Evidence)}</td></tr>"));
        string rest = decisions.Count > MostDecisions ? $"<p class=\"soft\">The first {MostDecisions} of {decisions.Count}.</p>" : "";
        return $"<h2>What was decided for you</h2><p>Each of these can be overruled.</p><div class=\"scroll\"><table><tr><th>About</th><th>Choice</th><th>Why</th></tr>{rows}</table></div>{rest}";
    }

    public static string Training(ReportContent content)
    {
        string rows = string.Concat(content.Lineage.Select(pair => $"<tr><td class=\"w\">{Escape(pair.Key)}</td><td class=\"w\">{Escape(pair.Value)}</td></tr>"));
        string made = rows.Length == 0 ? "" : $"<h2>How it was trained</h2><div class=\"scroll\"><table>{rows}</table></div>";
        string file = Escape(content.PackageFile);
        return made + $"<h2>How to use it</h2><pre>tilth predict {file} new.csv --out predictions.csv\ntilth evaluate {file} test.csv</pre>";
    }

    static string ClassTable(Evaluation.Evaluation e)
    {
        if (e.Classes.Count == 0) return "";
        double all = Math.Max(1, e.ClassRows.Sum());
        int[] shown = [.. Enumerable.Range(0, e.Classes.Count).OrderByDescending(k => e.ClassRows[k]).Take(20)];
        string rows = string.Concat(shown.Select(k => $"<tr><td class=\"w\">{Escape(e.Classes[k])}</td><td class=\"n\">{Numbers.Count(e.ClassRows[k])}</td><td class=\"n\">{Numbers.Percent(e.ClassRows[k] / all)}</td></tr>"));
        return $"<div class=\"scroll\"><table style=\"max-width:420px\"><tr><th>Class</th><th class=\"n\">Rows</th><th class=\"n\">Share</th></tr>{rows}</table></div>";
    }

    static void Figure(StringBuilder to, string caption, string chart, string note)
    {
        if (chart.Length > 0) to.Append($"<figure><figcaption>{Escape(caption)}</figcaption>{chart}<p>{Escape(note)}</p></figure>");
    }

    static string Range(Interval interval) => double.IsNaN(interval.Lower) ? "unknown" : $"{Numbers.Short(interval.Lower)} to {Numbers.Short(interval.Upper)}";
}
