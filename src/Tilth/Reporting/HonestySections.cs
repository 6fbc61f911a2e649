using System.Text;
using Tilth.Honesty;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's parts about how far the score and the predictions can be trusted, each as HTML.</summary>
internal static class HonestySections
{
    const int MostSuspicions = 100;

    /// <summary>What may make the score better than what comes true.</summary>
    public static string Suspicions(Findings? findings)
    {
        if (findings is null) return "";
        if (findings.Suspicions.Count == 0)
            return "<h3>Does a column give the answer away?</h3><p>None was found that does. Before training, every column was held against what is foreseen: none repeats it, none is filled only when it is known, none foresees it alone. Rows that repeat others, identifiers and the order of rows were looked at too.</p>";
        var rows = new StringBuilder();
        foreach (var suspicion in findings.Suspicions.Take(MostSuspicions))
            rows.Append($"<tr><td class=\"w\">{Escape(suspicion.Column ?? "rows")}</td><td class=\"w\">{Escape(suspicion.Evidence)}.</td><td class=\"w\">{Escape(suspicion.Advice)}</td></tr>");
        return "<h3>Check this before you trust the score</h3><p>These may let the model know what nobody knows when the prediction is made. Then the score is too good.</p>"
            + $"<div class=\"scroll\"><table><tr><th>Column</th><th>What was seen</th><th>What to do</th></tr>{rows}</table></div>";
    }

    /// <summary>What deciding by costs brings.</summary>
    public static string Costs(Findings? findings, Evaluation.Evaluation e)
    {
        if (findings?.Costs is not { } costs) return "";
        string Row(string what, string value) => $"<tr><td class=\"w\">{Escape(what)}</td><td class=\"n\">{value}</td></tr>";
        string Thousand(double cost) => Numbers.Short(1000 * cost);
        string positive = e.Classes[1];
        string sentence = costs.Saving.Lower > 0 ? $"Deciding with the model saves {Thousand(costs.Saving.Value)} per 1,000 rows against treating all rows alike (95 %: {Thousand(costs.Saving.Lower)} to {Thousand(costs.Saving.Upper)})."
            : "It is not sure that deciding with the model is cheaper than treating all rows alike.";
        return $"<h3>What decisions cost</h3><p>{Escape($"A false alarm costs {Numbers.Short(costs.Costs.FalseAlarm)} and a miss {Numbers.Short(costs.Costs.Miss)}. So a row is called '{positive}' from a probability of {Numbers.Percent(costs.Threshold)} on. {sentence}")}</p>"
            + "<div class=\"scroll\"><table class=\"narrow\"><tr><th>Decision</th><th class=\"n\">Cost per 1,000 rows</th></tr>"
            + Row($"'{positive}' from {Numbers.Percent(costs.Threshold)} on", $"{Thousand(costs.Cost.Value)} ({Thousand(costs.Cost.Lower)} to {Thousand(costs.Cost.Upper)})")
            + Row($"'{positive}' from 50 % on", Thousand(costs.CostAtHalf)) + Row($"always '{positive}'", Thousand(costs.CostOfAll)) + Row($"never '{positive}'", Thousand(costs.CostOfNone))
            + "</table></div><p class=\"soft\">Measured on rows that the threshold was not chosen on.</p>";
    }

    /// <summary>Calibration and promised coverage.</summary>
    public static string Certainty(Findings? findings, Evaluation.Evaluation e)
    {
        var parts = new StringBuilder();
        if (findings?.Calibration is { } c)
            parts.Append($"<p>{Escape(c.Kind == "none" ? $"The stated probabilities were left as the model gives them: no correction made them surely better on {Numbers.Count(c.Rows)} rows (log loss {Numbers.Short(c.Before)})."
                : $"The stated probabilities were corrected ({c.Kind}) on {Numbers.Count(c.Rows)} rows that were not learned from: log loss {Numbers.Short(c.Before)} before, {Numbers.Short(c.After)} after. The scores of this page count each row as corrected by other rows.")}</p>");
        if (findings?.Conformal is { } conformal)
        {
            bool classes = conformal.SetSize.Count > 0;
            var rows = new StringBuilder();
            for (int i = 0; i < conformal.Levels.Count; i++)
                rows.Append($"<tr><td class=\"n\">{Numbers.Percent(conformal.Levels[i])}</td>"
                    + (classes ? $"<td class=\"n\">{Numbers.Percent(conformal.SingleShare[i])}</td><td class=\"n\">{conformal.SetSize[i].ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)}</td></tr>" : $"<td class=\"n\">± {Numbers.Short(conformal.Radii[i])}</td></tr>"));
            string head = classes ? "<th class=\"n\">Rows with one class only</th><th class=\"n\">Classes a row, mean</th>" : "<th class=\"n\">Interval around the prediction</th>";
            parts.Append(classes ? "<p>For a promised share of rows the true class is among the classes named for the row; where more than one is named, the model cannot say.</p>"
                : $"<p>{Escape($"For a promised share of rows the true {e.Target} lies in the interval around the prediction.")}</p>");
            parts.Append($"<div class=\"scroll\"><table class=\"narrow\"><tr><th class=\"n\">Promised</th>{head}</tr>{rows}</table></div><p class=\"soft\">{Escape($"From the errors of {Numbers.Count(conformal.Rows)} rows that were not learned from; holds for rows drawn like these (conformal prediction).")}</p>");
        }
        return parts.Length == 0 ? "" : $"<h3>How sure each prediction is</h3>{parts}";
    }
}
