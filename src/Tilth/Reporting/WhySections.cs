using System.Text;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The report's part about what moves the predictions.</summary>
internal static class WhySections
{
    const int MostImportant = 20, MostInteractions = 4;

    public static string Write(ReportContent content)
    {
        string parts = Importance(content.Importance) + Swarm(content.Explanation) + Effects(content) + Interactions(content) + Shapes(content) + Stories(content);
        return parts.Length == 0 ? "" : $"<h2>4 Why it predicts what it predicts</h2>{parts}";
    }

    static string Importance(IReadOnlyList<NamedBar> importance)
    {
        if (importance.Count == 0) return "";
        string rest = importance.Count > MostImportant ? $"<p class=\"soft\">The first {MostImportant} of {importance.Count} columns.</p>" : "";
        return "<h3>What the predictions lean on</h3><p>Each column's share in moving the predictions. It says what the model uses, not what causes what. Ask of the first ones: is this known at the time of the prediction?</p>"
            + BarChart.Draw("Importance of columns", [.. importance.Take(MostImportant)], Numbers.Percent) + rest;
    }

    static string Swarm(ExplanationFindings? explanation) => explanation?.Swarm is not { Count: > 0 } swarm || SwarmChart.Draw(swarm) is not { Length: > 0 } chart ? ""
        : $"<h3>Which way each column moves single predictions</h3><figure class=\"wide\">{chart}<p>{Escape($"Each dot is a row. To the right, its value made {explanation.Unit} higher; to the left, lower. ")}<span class=\"key k-low\">blue</span>: the value is low, <span class=\"key k-high\">red</span>: it is high; grey: it has no order, or is missing. (SHAP values, on the model's inner scale.)</p></figure>";

    static string Effects(ReportContent content)
    {
        if (content.Explanation is not { Effects.Count: > 0 } explanation) return "";
        bool shares = content.Evaluation.Task != TaskKind.Regression;
        var figures = new StringBuilder();
        foreach (var effect in explanation.Effects)
            PerformanceSections.Figure(figures, effect.Column, EffectChart.Draw(effect, explanation.Unit, shares), effect.Local.Count > 1 ? "" : "These values have no order of their own: the highest first.");
        return $"<h3>What the most important columns do</h3><p>{Escape($"How {explanation.Unit} would change if only this column were different, on {Numbers.Count(explanation.RowCount)} rows: the thick line is the mean, thin lines are single rows, the dashed line follows only small steps that rows really take (accumulated local effect). Where the thick and the dashed line part, the column goes together with others.")}</p><div class=\"charts\">{figures}</div>";
    }

    static string Interactions(ReportContent content)
    {
        if (content.Explanation?.Interactions.Where(pair => pair.H >= 0.05).Take(MostInteractions).ToList() is not { Count: > 0 } pairs) return "";
        string rows = string.Concat(pairs.Select(pair => $"<tr><td class=\"w\">{Escape(pair.First)} and {Escape(pair.Second)}</td><td class=\"n\">{Numbers.Percent(pair.H * pair.H)}</td></tr>"));
        bool shares = content.Evaluation.Task != TaskKind.Regression;
        var figures = new StringBuilder();
        foreach (var pair in content.Explanation.Pairs)
            PerformanceSections.Figure(figures, $"{pair.First} and {pair.Second}", HeatMap.Draw(pair, content.Explanation.Unit, shares ? Numbers.Whole : Numbers.Compact), "");
        string read = figures.Length == 0 ? "" : $"<p>{Escape($"Each cell is the mean of {content.Explanation.Unit} if both columns had these values: red is high, blue is low. If the columns only added up, every line would rise and fall alike. Dashed cells: no row is like this.")}</p><div class=\"charts\">{figures}</div>";
        return $"<h3>Columns that work together</h3><p>How much of what two columns do is not the sum of what each does by itself (Friedman and Popescu's H, squared): 0 % if they only add up.</p><div class=\"scroll\"><table class=\"narrow\"><tr><th>Pair</th><th class=\"n\">Share</th></tr>{rows}</table></div>{read}";
    }

    static string Shapes(ReportContent content)
    {
        if (content.Shapes.Count == 0) return "";
        var figures = new StringBuilder();
        foreach (var shape in content.Shapes) PerformanceSections.Figure(figures, shape.Column, EffectChart.Draw(shape, "part of the score", false), "");
        foreach (var pair in content.ShapePairs) PerformanceSections.Figure(figures, $"{pair.First} and {pair.Second}", HeatMap.Draw(pair, "the part of the score", Numbers.Compact), "Red adds to the score, blue takes from it; dashed: no row is like this.");
        return $"<h3>The model itself</h3><p>This model is a sum of curves, one a column, and of a few for pairs. These are its largest; nothing else is in it. Each is the part of the score (for classes: of the log odds) that the value adds; thin lines are its standard error.</p><div class=\"charts\">{figures}</div>";
    }

    static string Stories(ReportContent content)
    {
        if (content.Stories.Count == 0) return "";
        Func<double, string> format = content.Evaluation.Task == TaskKind.Regression ? Numbers.Short : Numbers.Percent;
        bool shares = content.Evaluation.Task != TaskKind.Regression;
        string Points(double move) => shares ? Numbers.Short(Math.Round(100 * move, 1)) : Numbers.Short(move);
        var figures = new StringBuilder();
        foreach (var story in content.Stories)
            PerformanceSections.Figure(figures, story.Title, WaterfallChart.Draw(story.Title, story.Start, story.Steps, format, Points), $"{story.Note}{(story.Error > 0 ? $" Each step is known to about ± {Points(1.96 * story.Error)}." : "")}".Trim());
        string steps = $"From the average to the prediction, one column after the other; the steps add up{(content.Explanation is { } explanation && content.Evaluation.Task != TaskKind.Multiclass ? $" to {explanation.Unit}" : "")}{(shares ? ", in percentage points" : "")}.";
        string rows = content.StoriesFrom is { } file ? $" These are real rows of {file}, chosen by rules and not by hand; whoever has this page sees what they hold. If the model has learned from them too, it knows them better than new ones." : "";
        return $"<h3>How single predictions come about</h3><p>{Escape(steps + rows)}</p><div class=\"charts\">{figures}</div>";
    }
}
