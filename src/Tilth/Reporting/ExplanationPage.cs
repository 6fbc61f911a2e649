using System.Text;
using Tilth.Data;
using Tilth.Packaging;
using Tilth.Reporting.Charts;
using Tilth.Walk;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>Explained rows as one self-contained page: a picture a row, and its sentences.</summary>
public static class ExplanationPage
{
    const int MostRows = 200, MostColumns = 6;

    /// <summary>The page as HTML.</summary>
    /// <param name="package">What explained the rows.</param>
    /// <param name="rows">In the order of the table.</param>
    public static string Write(ModelPackage package, IReadOnlyList<RowExplanation> rows)
    {
        bool raw = rows.Any(row => !row.IsDirect), shares = package.Target.Task != TaskKind.Regression && !raw;
        Func<double, string> format = shares ? Numbers.Percent : Numbers.Short, formatMove = shares ? move => Numbers.Short(Math.Round(100 * move, 1)) : Numbers.Short;
        var figures = new StringBuilder();
        for (int i = 0; i < Math.Min(MostRows, rows.Count); i++)
        {
            var row = rows[i];
            var steps = Enumerable.Range(0, row.Parts.Values.Length).Select(c => (Name: $"{row.Parts.Columns[c]} = {row.Values[c] ?? "missing"}", Move: row.Parts.Values[c]))
                .OrderByDescending(step => Math.Abs(step.Move)).ThenBy(step => step.Name, StringComparer.Ordinal).ToList();
            string words = string.Join("<br/>", ExplanationWords.Of(package, row, MostColumns).Select(sentence => Escape(sentence.Trim())));
            figures.Append($"<figure><figcaption>{Escape($"Row {i + 1}")}</figcaption>{WaterfallChart.Draw($"Row {i + 1}", row.Parts.Baseline, steps, format, formatMove)}<p>{words}</p></figure>");
        }
        return HtmlReport.Page($"Predicting {package.Target.Column}, row by row", $"<p class=\"soft\">Tilth explanation, package {Escape(package.Version)}</p><h1>Predicting {Escape(package.Target.Column)}, row by row</h1>"
            + $"<p>From the average to the prediction, one column after the other{(shares ? ", in percentage points" : raw ? $", on the scale of the trees' score ({Escape(rows[0].Scale)})" : "")}. It says what the model looks at, not what causes what.</p><div class=\"charts\">{figures}</div>");
    }
}
