using System.Text;
using Tilth.Honesty;
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
            return "<h2>Leaks</h2><p>Before training, every column was held against the target: none repeats it, none is filled only when it is known, none foresees it alone. Rows that repeat others, identifiers and the order of rows were looked at too.</p>";
        var rows = new StringBuilder();
        foreach (var suspicion in findings.Suspicions.Take(MostSuspicions))
            rows.Append($"<tr><td class=\"w\">{Escape(suspicion.Column ?? "rows")}</td><td class=\"w\">{Escape(suspicion.Evidence)}.</td><td class=\"w\">{Escape(suspicion.Advice)}</td></tr>");
        return "<h2>Check this before you trust the score</h2><p>These may let the model know what nobody knows when the prediction is made. Then the score is too good.</p>"
            + $"<div class=\"scroll\"><table><tr><th>Column</th><th>What was seen</th><th>What to do</th></tr>{rows}</table></div>";
    }
}
