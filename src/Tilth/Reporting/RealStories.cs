using Tilth.Data;
using Tilth.Packaging;
using Tilth.Reporting.Charts;
using Tilth.Walk;

namespace Tilth.Reporting;

/// <summary>How a few real rows come to their predictions, and what became true.</summary>
public static class RealStories
{
    /// <summary>The content with stories of real rows in the place of made-up ones; as it is where none can be told.</summary>
    /// <param name="content">What a page tells.</param>
    /// <param name="package">What predicts.</param>
    /// <param name="rows">As <see cref="ChosenRow.Of"/> chose them.</param>
    /// <param name="file">Where the rows come from.</param>
    public static ReportContent Add(ReportContent content, ModelPackage package, IReadOnlyList<ChosenRow> rows, string file)
        => rows.Count == 0 ? content : content with { Stories = [.. rows.Select(row => Tell(package, row))], StoriesFrom = file };

    static RowStory Tell(ModelPackage package, ChosenRow row)
    {
        var (parts, target) = (row.Explanation.Parts, package.Target);
        var steps = parts.Columns.Select((column, i) => (Name: $"{column} = {ValueOf(row.Explanation.Values[i])}", Move: parts.Values[i])).OrderByDescending(step => Math.Abs(step.Move)).ThenBy(step => step.Name, StringComparer.Ordinal);
        string foreseen = target.Task == TaskKind.Regression ? $"{Numbers.Short(parts.Prediction)} was foreseen; in truth it was {Numbers.Short(row.Truth)}."
            : $"{Numbers.Percent(parts.Prediction)} for '{target.Classes[target.Task == TaskKind.Binary ? 1 : row.Explanation.Output]}', so it was called '{row.Decided}'; in truth it was '{row.TrueClass}'{(row.Decided == row.TrueClass ? "" : ": wrong")}.";
        return new(TitleOf(row.Why, target), parts.Baseline, [.. steps], parts.Errors.Max(), $"Row {Numbers.Count(row.Row)}: {foreseen}");
    }

    static string TitleOf(ChosenFor why, TargetSchema target) => (why, target.Task) switch
    {
        (ChosenFor.Highest, TaskKind.Binary) => $"Foreseen as most likely '{target.Classes[1]}'",
        (ChosenFor.Lowest, TaskKind.Binary) => $"Foreseen as least likely '{target.Classes[1]}'",
        (ChosenFor.Middle, TaskKind.Regression) => "A prediction in the middle",
        (ChosenFor.Middle, _) => "In doubt",
        (ChosenFor.Wrong, TaskKind.Regression) => "The largest miss",
        (ChosenFor.Wrong, _) => "Wrong, and yet the model was sure",
        (ChosenFor.Highest, TaskKind.Multiclass) => "The surest call",
        (ChosenFor.Highest, _) => "The highest prediction",
        _ => "The lowest prediction",
    };

    static string ValueOf(string? text) => text is null ? "missing"
        : double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number) && text.Length > 6 ? Numbers.Short(number) : text;
}
