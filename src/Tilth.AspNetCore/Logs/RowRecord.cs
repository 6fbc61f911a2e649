using System.Buffers;
using System.Text.Json;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Rows;
using Tilth.Data;

namespace Tilth.AspNetCore.Logs;

/// <summary>Writes one predicted row as a line of JSON: the values as the model read them, never those of columns to leave out.</summary>
internal static class RowRecord
{
    /// <summary>Adds a row to the slot's lines for the log.</summary>
    public static void Append(PredictionLog log, ReadOnlySpan<char> id, string model, ServedPackage package, RowSlot slot, int decided, IReadOnlyList<Problem> warnings)
    {
        Write(slot.LogJson, log, id, model, package, slot, decided, warnings);
        slot.LogJson.Flush();
        slot.LogLines.Write("\n"u8);
        slot.LogJson.Reset();
        slot.LogCount++;
    }

    static void Write(Utf8JsonWriter json, PredictionLog log, ReadOnlySpan<char> id, string model, ServedPackage package, RowSlot slot, int decided, IReadOnlyList<Problem> warnings)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("time", log.Now);
        json.WriteString("model", model);
        json.WriteString("version", package.Version);
        json.WriteStartObject("row");
        var columns = slot.Predictor.Columns;
        for (int c = 0; c < columns.Count; c++)
            if (slot.Has(c) && !log.LeaveOut.Contains(columns[c].Name)) WriteValue(json, columns[c], slot, c);
        json.WriteEndObject();
        json.WriteStartArray("outputs");
        foreach (double output in slot.Outputs)
            if (double.IsFinite(output)) json.WriteNumberValue(output);
            else json.WriteNullValue();
        json.WriteEndArray();
        if (decided >= 0) json.WriteString("prediction", package.Package.Target.Classes[decided]);
        if (warnings.Count > 0)
        {
            json.WriteStartArray("warnings");
            foreach (var warning in warnings) json.WriteStringValue($"{warning.Code}:{warning.Column}");
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static void WriteValue(Utf8JsonWriter json, ColumnSchema column, RowSlot slot, int c)
    {
        switch (slot.Row.Outcomes[c])
        {
            case CellOutcome.Missing:
                json.WriteNull(column.Name);
                break;
            case CellOutcome.Value when column.Kind == ColumnKind.Category:
                json.WriteString(column.Name, column.Levels.NameOf(slot.Row.CodeOf(c)));
                break;
            case CellOutcome.Value when column.Kind == ColumnKind.Text:
                json.WriteString(column.Name, slot.Row.TextOf(c));
                break;
            case CellOutcome.Value when column.Kind == ColumnKind.Boolean:
                json.WriteBoolean(column.Name, slot.Row.NumberOf(c) > 0);
                break;
            case CellOutcome.Value when column.Kind == ColumnKind.DateTime:
                json.WriteString(column.Name, new DateTime((long)slot.Row.NumberOf(c)));
                break;
            case CellOutcome.Value:
                json.WriteNumber(column.Name, slot.Row.NumberOf(c));
                break;
            default:
                json.WriteString(column.Name, slot.GivenText(c));
                break;
        }
    }
}
