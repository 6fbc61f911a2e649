using System.Globalization;
using Spectre.Console;
using Tilth.Evaluation;
using Tilth.Explanation;
using Tilth.Honesty;
using Tilth.Metrics;
using Tilth.Reporting.Charts;

namespace Tilth.Cli.Terminals;

/// <summary>An evaluation on the terminal: the headline in a sentence, then every metric with its interval beside the baseline.</summary>
static class EvaluationView
{
    public static void Show(Evaluation.Evaluation evaluation, Terminal terminal, bool verdict = true)
    {
        terminal.Head(Headline(evaluation));
        var table = new Table().Border(TableBorder.Simple).AddColumns("metric", "score", "95 % interval", "trivial guess");
        for (int column = 1; column < 4; column++) table.Columns[column].RightAligned();
        foreach (var score in evaluation.Metrics)
            table.AddRow(new Text(score.Name), new Text(Format(score.Score.Value)), new Text(IntervalOf(score.Score)), new Text(Format(score.Baseline)));
        terminal.People.Write(table);
        if (verdict && !double.IsNaN(evaluation.HeadlineScore().Score.Value)) terminal.Say(Verdict.Of(evaluation).Sentence);
    }

    /// <summary>How much worse the headline metric becomes without each column.</summary>
    public static void Show(IReadOnlyList<PermutationImportance> importance, Evaluation.Evaluation evaluation, Terminal terminal)
    {
        if (importance.Count == 0) return;
        terminal.Head($"How much worse {evaluation.Headline} becomes if a column is shuffled");
        var table = new Table().Border(TableBorder.Simple).AddColumns("column", "loss", "95 % interval");
        foreach (var (column, loss) in importance) table.AddRow(new Text(column), new Text(Format(loss.Value)), new Text(IntervalOf(loss)));
        terminal.People.Write(table);
    }

    /// <summary>"auc 0.912 (95 %: 0.89 to 0.93) on 1,200 rows, out of fold; a trivial guess reaches 0.5".</summary>
    public static string Headline(Evaluation.Evaluation evaluation)
    {
        var score = evaluation.HeadlineScore();
        if (double.IsNaN(score.Score.Value)) return Unmeasured(evaluation, MetricCatalog.Find(score.Name).Title);
        return string.Create(CultureInfo.InvariantCulture,
            $"{MetricCatalog.Find(score.Name).Title} {Format(score.Score.Value)} (95 %: {IntervalOf(score.Score)}) on {evaluation.RowCount:N0} rows, {evaluation.RowsFrom}; a trivial guess reaches {Format(score.Baseline)}");
    }

    static string Unmeasured(Evaluation.Evaluation evaluation, string title)
    {
        string on = string.Create(CultureInfo.InvariantCulture, $"{title} cannot be measured on {evaluation.RowCount:N0} {(evaluation.RowCount == 1 ? "row" : "rows")}, {evaluation.RowsFrom}");
        int seen = evaluation.ClassRows.Count(rows => rows > 0);
        return seen == 1 ? $"{on}: all are of the class '{evaluation.Classes[evaluation.ClassRows.ToList().FindIndex(rows => rows > 0)]}'" : on;
    }

    public static string IntervalOf(Interval interval) => double.IsNaN(interval.Lower) ? "" : $"{Format(interval.Lower)} to {Format(interval.Upper)}";

    public static string Format(double value) => double.IsNaN(value) ? "" : Numbers.Short(value);
}
