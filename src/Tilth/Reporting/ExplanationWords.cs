using Tilth.Data;
using Tilth.Packaging;
using Tilth.Reporting.Charts;
using Tilth.Walk;

namespace Tilth.Reporting;

/// <summary>An explained row in sentences.</summary>
public static class ExplanationWords
{
    /// <summary>What is foreseen, what moved it, and what would have to be different: one sentence a line.</summary>
    /// <param name="package">What explained the row.</param>
    /// <param name="row">The explanation.</param>
    /// <param name="most">Columns to name.</param>
    public static IEnumerable<string> Of(ModelPackage package, RowExplanation row, int most)
    {
        var target = package.Target;
        bool shares = target.Task != TaskKind.Regression;
        string Value(double value) => shares ? Numbers.Percent(value) : Numbers.Short(value);
        string Move(double value) => shares && row.IsDirect ? $"{Numbers.Short(Math.Round(100 * Math.Abs(value), 1))} points" : Numbers.Short(Math.Abs(value));
        string what = shares ? $"the probability of '{target.Classes[target.Task == TaskKind.Binary ? 1 : row.Output]}'" : target.Column;
        var parts = row.Parts;
        yield return row.IsDirect ? $"{what} is {Value(parts.Prediction)}; on average it is {Value(parts.Baseline)}."
            : $"{what} is {Value(row.Stated)}. The trees' score ({row.Scale}) is {Numbers.Short(parts.Prediction)}; on average over the background it is {Numbers.Short(parts.Baseline)}.";
        int[] order = [.. Enumerable.Range(0, parts.Values.Length).OrderByDescending(i => Math.Abs(parts.Values[i])).ThenBy(i => parts.Columns[i], StringComparer.Ordinal)];
        foreach (int i in order.Take(most))
        {
            if (Math.Abs(parts.Values[i]) < 1e-12) continue;
            string error = parts.Errors[i] > 0 ? $" (± {(shares && row.IsDirect ? Numbers.Short(Math.Round(196 * parts.Errors[i], 1)) : Numbers.Short(1.96 * parts.Errors[i]))})" : "";
            yield return $"  {parts.Columns[i]} {(row.Values[i] is { } value ? $"= {value}" : "is missing")}: {(parts.Values[i] > 0 ? "raises" : "lowers")} it by {Move(parts.Values[i])}{error}";
        }
        double rest = order.Skip(most).Sum(i => parts.Values[i]);
        if (order.Length > most) yield return $"  {order.Length - most} other columns together: {(rest >= 0 ? "raise" : "lower")} it by {Move(rest)}";
        if (double.IsNaN(row.Target)) yield break;
        string wish = target.Task switch
        {
            TaskKind.Binary when row.Target == package.Head.Rule.Threshold => $"to be called '{target.Classes[row.Stated < row.Target ? 1 : 0]}'",
            TaskKind.Multiclass => "to halve it",
            _ => $"to {(row.Stated < row.Target ? "reach" : "fall below")} {Value(row.Target)}",
        };
        if (row.Alternatives.Count == 0) yield return $"  {wish}: no change of up to four of the allowed columns, within what training saw, is enough.";
        foreach (var alternative in row.Alternatives)
            yield return $"  {wish}: {string.Join(" and ", alternative.Changes.Select(change => $"{change.Column} {change.To} instead of {change.From ?? "missing"}"))} (then {Value(alternative.Prediction)})";
    }
}
