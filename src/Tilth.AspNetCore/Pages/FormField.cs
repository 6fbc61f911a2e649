using System.Globalization;
using Tilth.Data;

namespace Tilth.AspNetCore.Pages;

/// <summary>One column as a field of a form: what may stand in it, and what training saw.</summary>
internal static class FormField
{
    const int MostChoices = 100, MostHints = 300;

    public static string Write(ColumnSchema column, int number, string value, bool wrong)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"f{number}"), hint = Hint(column);
        string attributes = $"id=\"{id}\" name=\"{Html.Escape(column.Name)}\"{(hint.Length > 0 ? $" aria-describedby=\"{id}h\"" : "")}{(wrong ? " aria-invalid=\"true\"" : "")}";
        string help = hint.Length > 0 ? $"<span class=\"soft small\" id=\"{id}h\">{Html.Escape(hint)}</span>" : "";
        return $"<div><label for=\"{id}\">{Html.Escape(column.Name)}</label>{Control(column, id, attributes, value)}{help}</div>";
    }

    static string Control(ColumnSchema column, string id, string attributes, string value)
    {
        string[] levels = [.. Enumerable.Range(0, column.Levels.Count).Where(column.Levels.HasName).Select(column.Levels.NameOf)];
        return column.Kind switch
        {
            // As text, so that a browser hands over what was typed and the model says what is wrong with it.
            ColumnKind.Number => $"<input {attributes} inputmode=\"decimal\" value=\"{Html.Escape(value)}\">",
            ColumnKind.DateTime => $"<input {attributes} type=\"{(value.Length > 10 ? "datetime-local" : "date")}\" value=\"{Html.Escape(value)}\">",
            ColumnKind.Boolean => Select(attributes, ["true", "false"], value),
            ColumnKind.Category when levels.Length is > 0 and <= MostChoices && levels.Length == column.Levels.Count => Select(attributes, levels, value),
            ColumnKind.Category => $"<input {attributes} list=\"{id}l\" value=\"{Html.Escape(value)}\"><datalist id=\"{id}l\">{string.Concat(levels.Take(MostHints).Select(level => $"<option value=\"{Html.Escape(level)}\">"))}</datalist>",
            _ => $"<textarea {attributes} rows=\"2\">{Html.Escape(value)}</textarea>",
        };
    }

    static string Select(string attributes, IReadOnlyList<string> choices, string value)
    {
        string Option(string choice) => $"<option value=\"{Html.Escape(choice)}\"{(choice == value ? " selected" : "")}>{(choice.Length > 0 ? Html.Escape(choice) : "not known")}</option>";
        // What was sent stays, also if the model does not know it.
        var all = choices.Contains(value) || value.Length == 0 ? choices : [.. choices, value];
        return $"<select {attributes}>{Option("")}{string.Concat(all.Select(Option))}</select>";
    }

    static string Hint(ColumnSchema column) => column.Kind switch
    {
        ColumnKind.Number when double.IsFinite(column.Min) && double.IsFinite(column.Max) => $"a number; training saw {Html.Number(column.Min)} to {Html.Number(column.Max)}",
        ColumnKind.Number => "a number",
        ColumnKind.DateTime when column.Min is >= 0 and <= 3.1e18 && column.Max is >= 0 and <= 3.1e18 => $"training saw {Day(column.Min)} to {Day(column.Max)}",
        ColumnKind.Category => string.Create(CultureInfo.InvariantCulture, $"training saw {column.Levels.Count} levels"),
        _ => "",
    };

    static string Day(double ticks) => new DateTime((long)ticks).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
