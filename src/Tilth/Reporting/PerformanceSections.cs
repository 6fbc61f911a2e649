using System.Text;
using Tilth.Evaluation;
using Tilth.Honesty;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's part about how good the predictions are: the verdict's evidence, curves with bands, decisions.</summary>
internal static class PerformanceSections
{
    public static string Write(ReportContent content)
    {
        var e = content.Evaluation;
        var (_, sentence, enough, optimism) = content.Findings?.Verdict ?? Verdict.Of(e);
        return $"<h2>3 How good it is</h2><p>{Escape(sentence)}</p><p>{Escape(ReportWords.Headline(e))}</p><p>{Escape(enough)} {Escape(optimism)}</p>"
            + $"{Charts(content)}{HonestySections.Costs(content.Findings, e)}{Goal(content.Findings)}{Benefit(content)}{HonestySections.Certainty(content.Findings, e)}";
    }

    static string Charts(ReportContent content)
    {
        var e = content.Evaluation;
        var figures = new StringBuilder();
        if (e.Curves is { } curves)
        {
            double share = e.ClassRows.Sum() > 0 ? (double)e.ClassRows[1] / e.ClassRows.Sum() : 0;
            Figure(figures, "Do stated probabilities come true?", CalibrationChart.Draw(curves.Calibration), "On the diagonal, what is said to be 30 % likely happens three times in ten. Bars are 95 % intervals.");
            Figure(figures, "Looking at the likeliest first", GainsChart(curves), Lift(curves, e));
            Figure(figures, "Found against false alarms (ROC)", curves.RocBand.Count == 0 ? RocChart.Draw(curves.Roc) : BandChart.Draw("ROC curve", "How many positives are found against how many negatives are falsely called, with 95 % band; the dashed diagonal is chance.",
                curves.RocBand, [new("chance", [new(0, 0), new(1, 1)])], ("others falsely called", 0, 1), ("found", 0, 1)), "The nearer to the upper left corner, the better. The shade is the 95 % band.");
            Figure(figures, "Found against being right (precision and recall)", curves.RecallBand.Count == 0 ? PrecisionRecallChart.Draw(curves.PrecisionRecall, share) : BandChart.Draw("Precision and recall", "How many calls are right against how many positives are found, with 95 % band.",
                curves.RecallBand, [new("chance", [new(0, share), new(1, share)])], ("found", 0, 1), ("calls that are right", 0, 1)), "Finding more usually means more false alarms.");
        }
        if (e.Confusion.Count > 0) Figure(figures, "What was called what", ConfusionChart.Draw(e.Classes, e.Confusion), "Each line is a true class; shares are of that class.");
        if (e.Residuals is { } residuals)
        {
            Figure(figures, "Predicted and true values", PredictedVsActualChart.Draw(residuals.Sample), "On the diagonal both agree.");
            Figure(figures, "Errors", ResidualChart.Draw(residuals), $"Half of the errors lie between {Numbers.Short(residuals.Quantiles[4])} and {Numbers.Short(residuals.Quantiles[6])}, nine in ten between {Numbers.Short(residuals.Quantiles[2])} and {Numbers.Short(residuals.Quantiles[8])}.");
        }
        return $"<div class=\"charts\">{figures}</div>";
    }

    static string GainsChart(ProbabilityCurves curves) => curves.Gains.Count == 0 ? "" : BandChart.Draw("Cumulative gains", "Share of the rows looked at, the likeliest first, against the share of all positives among them; the dashed line is looking blindly.",
        [new(0, 0, 0, 0), .. curves.Gains], [new("looking blindly", [new(0, 0), new(1, 1)])], ("rows looked at", 0, 1), ("positives among them", 0, 1));

    static string Lift(ProbabilityCurves curves, Evaluation.Evaluation e)
        => curves.Gains.FirstOrDefault(point => Math.Abs(point.X - 0.1) < 1e-9) is { } tenth
            ? $"Who looks at the likeliest tenth of the rows sees {Numbers.Percent(tenth.Value)} of all that are '{e.Classes[1]}': {Numbers.Round(tenth.Value / 0.1)} times as many as by looking blindly." : "";

    /// <summary>Net benefit against treating all or none (a decision curve).</summary>
    static string Benefit(ReportContent content)
    {
        if (content.Evaluation.Curves is not { NetBenefit.Count: > 0 } curves) return "";
        var e = content.Evaluation;
        double share = (double)e.ClassRows[1] / e.ClassRows.Sum(), high = Math.Max(share, curves.NetBenefit.Max(point => double.IsNaN(point.Upper) ? point.Value : point.Upper)) * 1.05, low = -0.15 * high;
        // The part where acting could be worth anything: beyond the last useful threshold the curve lies on 0.
        double last = Math.Min(0.98, (curves.NetBenefit.LastOrDefault(point => point.Value > 0.01 * high)?.X ?? 0.5) + 0.1);
        CurvePoint[] all = [.. curves.NetBenefit.Select(point => new CurvePoint(point.X, share - (1 - share) * point.X / (1 - point.X))).TakeWhile(point => point.Y >= low && point.X <= last)];
        var band = curves.NetBenefit.Where(point => point.X <= last).ToList();
        var better = band.Where((point, _) => point.Lower > Math.Max(0, share - (1 - share) * point.X / (1 - point.X))).Select(point => point.X).ToList();
        string sentence = better.Count == 0 ? "Nowhere is acting by the model surely better than treating all rows alike."
            : $"From {Numbers.Whole(better[0])} to {Numbers.Whole(better[^1])} acting by the model is surely better than treating all rows alike.";
        string chart = BandChart.Draw("Decision curve", "Net benefit of acting by the model against acting on all rows and on none.", band,
            [new("act on all", all), new("act on none", [new(0, 0), new(last, 0)])], ("act from this probability on", 0, last), ("found, net of false alarms", low, high));
        return $"<h3>Is it worth acting on? (decision curve)</h3><div class=\"charts\"><figure>{chart}<p>{Escape($"If you would act from a probability of 20 % on, one find is worth four false alarms to you. The height is the finds per row that acting brings, false alarms taken off at that rate. {sentence}")}</p></figure></div>";
    }

    static string Goal(Findings? findings) => findings?.Goal is { } goal ? $"<h3>How decisions are made</h3><p>{Escape(ReportWords.Goal(goal))}</p><p class=\"soft\">Measured on rows that the threshold was not chosen on.</p>" : "";

    internal static void Figure(StringBuilder to, string caption, string chart, string note)
    {
        if (chart.Length > 0) to.Append($"<figure><figcaption>{Escape(caption)}</figcaption>{chart}<p>{Escape(note)}</p></figure>");
    }
}
