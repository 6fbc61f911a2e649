using System.Text.Json;
using Tilth.Data;

namespace Tilth.AspNetCore.Rows;

/// <summary>Reads one JSON object into a slot's row: no object and no string is made of a sound value.</summary>
internal static class JsonRows
{
    /// <summary>Brackets that a body may nest.</summary>
    public const int MaxDepth = 8;

    public static JsonReaderOptions Options { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>Reads to the end of the object.</summary>
    /// <param name="reader">At the object's opening bracket.</param>
    /// <param name="slot">Gets the values, and the problems.</param>
    /// <param name="number">The row's number from 1 for messages, or null for a single row.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static void Read(ref Utf8JsonReader reader, RowSlot slot, long? number)
    {
        slot.BeginRow();
        int guess = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int column = slot.Names.Find(ref reader, guess);
            guess = column + 1;
            if (column < 0) RefuseName(reader.GetString()!, slot, number);
            else if (!slot.Claim(column)) slot.Problems.Add(new Problem("column-repeated", $"column '{slot.Predictor.Columns[column].Name}' stands twice in the row", slot.Predictor.Columns[column].Name, number));
            reader.Read();
            if (column < 0) reader.Skip();
            else ReadValue(ref reader, slot, column, number);
            if (slot.Problems.Count >= RowSlot.MostProblems) return;
        }
    }

    public static void RefuseName(string name, RowSlot slot, long? number)
    {
        string shown = name.Length <= 80 ? name : name[..80] + "...";
        string? nearest = name.Length > 200 ? null : Spelling.Nearest(name, slot.Predictor.Columns.Select(column => column.Name));
        slot.Problems.Add(new Problem("column-unknown",
            nearest is null ? $"the model knows no column '{shown}'" : $"the model knows no column '{shown}'; did you mean '{nearest}'?", shown, number));
    }

    /// <summary>Sets a column to the value that the reader stands at.</summary>
    public static void ReadValue(ref Utf8JsonReader reader, RowSlot slot, int column, long? number)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                slot.Row.SetMissing(column);
                break;
            case JsonTokenType.Number when reader.TryGetDouble(out double value) && double.IsFinite(value):
                slot.SetNumber(column, value, number);
                break;
            case JsonTokenType.Number:
                slot.Refuse("value-range", column, "a number too large to be one", number);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                slot.SetFlag(column, reader.TokenType == JsonTokenType.True, number);
                break;
            case JsonTokenType.String:
                var chars = slot.Chars(reader.ValueSpan.Length);
                slot.SetText(column, chars[..reader.CopyString(chars)], number);
                break;
            default:
                slot.Refuse("value-type", column, reader.TokenType == JsonTokenType.StartArray ? "a list" : "an object", number);
                reader.Skip();
                break;
        }
    }
}
