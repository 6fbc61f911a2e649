using System.Globalization;
using Tilth.Data;

namespace Tilth.Prediction;

/// <summary>Tells what a row has that training did not.</summary>
internal static class RowWarnings
{
    /// <param name="row">The row as it was set.</param>
    /// <param name="textOf">The value of a column as the caller gave it, for the message; null where it is not known.</param>
    /// <param name="given">Whether the caller named the column at all.</param>
    public static IReadOnlyList<Problem> Of(PredictorRow row, Func<string, string?> textOf, Func<string, bool> given)
    {
        List<Problem>? warnings = null;
        var columns = row.Predictor.Columns;
        for (int c = 0; c < columns.Count; c++)
        {
            var column = columns[c];
            if (column.Role != ColumnRole.Feature) continue;
            string name = column.Name;
            switch (row.Outcomes[c])
            {
                case CellOutcome.Missing when !given(name):
                    (warnings ??= []).Add(new Problem("column-missing", $"column '{name}' was not given; it counts as missing", name));
                    break;
                case CellOutcome.Unseen:
                    (warnings ??= []).Add(new Problem("level-unseen", $"column '{name}' has {Quote(textOf(name), "a level")}, which training did not see; it counts as missing", name));
                    break;
                case CellOutcome.Unreadable:
                    (warnings ??= []).Add(new Problem("value-unreadable", $"column '{name}' has {Quote(textOf(name), "a value")}, which is not a {Word(column.Kind)}; it counts as missing", name));
                    break;
                case CellOutcome.Value when IsOutside(column, row.NumberOf(c)):
                    (warnings ??= []).Add(new Problem("out-of-range", $"column '{name}' is {Format(column, row.NumberOf(c))}, outside the {Format(column, column.Min)} to {Format(column, column.Max)} of training", name));
                    break;
            }
        }
        return warnings is null ? Array.Empty<Problem>() : warnings;
    }

    static string Quote(string? text, string otherwise) => text is null ? otherwise : $"'{text}'";

    static bool IsOutside(ColumnSchema column, double value)
        => column.Kind is ColumnKind.Number or ColumnKind.DateTime && (value < column.Min || value > column.Max);

    static string Word(ColumnKind kind) => kind switch
    {
        ColumnKind.DateTime => "date",
        ColumnKind.Boolean => "truth value",
        _ => "number",
    };

    static string Format(ColumnSchema column, double value)
        => column.Kind == ColumnKind.DateTime && value is >= 0 and <= 3.1e18
            ? new DateTime((long)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}
