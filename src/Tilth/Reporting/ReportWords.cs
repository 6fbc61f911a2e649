using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Honesty.Heads;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>The report's sentences: plain text, to be escaped where they are written.</summary>
internal static class ReportWords
{
    /// <summary>The headline number and what it means.</summary>
    public static string Headline(Evaluation.Evaluation e)
    {
        var score = e.HeadlineScore();
        string value = Numbers.Short(score.Score.Value);
        return e.Task switch
        {
            TaskKind.Binary => $"Of two rows, one '{e.Classes[1]}' and one '{e.Classes[0]}', the model ranks the right one higher in {Numbers.Percent(score.Score.Value)} of cases; a blind guess does in 50 %.",
            TaskKind.Multiclass => $"It names the right one of {e.Classes.Count} classes in {Numbers.Percent(e.Find("accuracy")!.Score.Value)} of rows; always naming the most frequent does in {Numbers.Percent(e.Find("accuracy")!.Baseline)}.",
            _ => $"Predictions of {e.Target} typically miss by {value}; always foreseeing the mean misses by {Numbers.Short(score.Baseline)}.",
        };
    }

    /// <summary>Binary: what happens to 1,000 rows, in counts; null otherwise.</summary>
    public static string? Frequencies(Evaluation.Evaluation e)
    {
        if (e.Task != TaskKind.Binary) return null;
        double all = e.Confusion.Sum(row => row.Sum());
        string Of(double weight) => Numbers.Count(Math.Round(1000 * weight / all));
        double found = e.Confusion[1][1], missed = e.Confusion[1][0], alarms = e.Confusion[0][1];
        return $"Of 1,000 rows like these about {Of(found + missed)} are '{e.Classes[1]}'. Called so from a probability of {Numbers.Percent(e.Threshold)} on, "
            + $"the model finds {Of(found)} of them, misses {Of(missed)}, and wrongly calls {Of(alarms)} others.";
    }

    /// <summary>What deciding by a capacity, a cost matrix or a metric brings.</summary>
    public static string Goal(GoalFinding goal)
    {
        string Limits(Interval interval) => $"(95 %: {Numbers.Short(interval.Lower)} to {Numbers.Short(interval.Upper)})";
        return goal.Goal switch
        {
            "capacity" => $"Acting on the likeliest {Numbers.Percent(goal.Plain)} of the rows (a probability from {Numbers.Percent(goal.Threshold)} on) finds {Numbers.Percent(goal.Value.Value)} of those that matter (95 %: {Numbers.Percent(goal.Value.Lower)} to {Numbers.Percent(goal.Value.Upper)}); as many rows drawn blindly hold {Numbers.Percent(goal.Plain)}.",
            "cost matrix" => $"Naming the class of the least expected cost costs {Numbers.Short(goal.Value.Value)} a row {Limits(goal.Value)}; naming the likeliest class costs {Numbers.Short(goal.Plain)}. Against always naming the cheapest class it saves {Numbers.Short(goal.Gain.Value)} {Limits(goal.Gain)}.",
            _ => $"The threshold of {Numbers.Percent(goal.Threshold)} serves {goal.Goal} best: {Numbers.Short(goal.Value.Value)} {Limits(goal.Value)} on rows that it was not chosen on; at 50 % it is {Numbers.Short(goal.Plain)}.",
        };
    }

    /// <summary>Which rows the score comes from, and which rows the model that is shipped has learned from.</summary>
    public static string Rows(Evaluation.Evaluation e, IReadOnlyList<Decision> decisions) => e.RowsFrom switch
    {
        "sealed hold-out" => $"The scores come from {Numbers.Count(e.RowCount)} rows that were sealed before training and read once, at the end. "
            + (decisions.Any(d => d.Subject == "refit") ? "The model that you got has then learned from all rows." : "The model that you got is the one that was scored."),
        "out of fold" => $"The scores come from {Numbers.Count(e.RowCount)} rows, each foreseen by a model that did not learn from it (out of fold). "
            + (decisions.FirstOrDefault(d => d.Subject == Training.StoppedEarly) is { } stop ? $"The training was stopped early: {stop.Choice}." : "The model that you got has learned from all rows."),
        "test file" => $"The scores come from the {Numbers.Count(e.RowCount)} rows of a test file that the model did not learn from.",
        _ => $"The scores come from {Numbers.Count(e.RowCount)} rows: {e.RowsFrom}.",
    } + (e.Weighted ? " Rows count by their weights." : "");
}
