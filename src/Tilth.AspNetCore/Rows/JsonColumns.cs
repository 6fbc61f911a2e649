using System.Globalization;
using System.Text.Json;

namespace Tilth.AspNetCore.Rows;

/// <summary>
/// Rows written column by column, {"columns": {"age": [1, 2], "city": ["Bern", null]}}. A first pass finds where each list
/// begins and that all are of one length; then each row takes the next value of every list, so that nothing is copied.
/// </summary>
internal ref struct JsonColumns
{
    readonly ReadOnlySpan<byte> body;
    readonly RowSlot slot;
    readonly List<(int Column, int At)> lists = [];

    /// <summary>Finds the lists; what is wrong with them is in the slot's problems.</summary>
    /// <param name="reader">At the bracket that opens the object of columns; is left at the bracket that closes it.</param>
    /// <param name="body">What the reader reads.</param>
    /// <param name="slot">Gets the values, and the problems.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public JsonColumns(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, RowSlot slot)
    {
        this.body = body;
        this.slot = slot;
        slot.BeginRow();
        string? first = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int column = slot.Names.Find(ref reader, lists.Count);
            if (column < 0) JsonRows.RefuseName(reader.GetString()!, slot, null);
            string name = column < 0 ? "" : slot.Predictor.Columns[column].Name;
            if (column >= 0 && !slot.Claim(column)) slot.Problems.Add(new Problem("column-repeated", $"column '{name}' stands twice among the columns", name));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray && column >= 0) slot.Problems.Add(new Problem("column-list", $"column '{name}' must be a list with a value for each row", name));
            if (reader.TokenType != JsonTokenType.StartArray || column < 0) reader.Skip();
            else
            {
                lists.Add((column, (int)reader.TokenStartIndex + 1));
                int values = CountValues(ref reader, slot, column);
                first ??= name;
                if (lists.Count == 1) Count = values;
                else if (values != Count)
                    slot.Problems.Add(new Problem("column-length", string.Create(CultureInfo.InvariantCulture, $"column '{name}' has {values} values, but '{first}' has {Count}"), name));
            }
            if (slot.Problems.Count >= RowSlot.MostProblems) return;
        }
    }

    /// <summary>Rows.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the values of the next row.</summary>
    /// <param name="number">Its number from 1.</param>
    public readonly void Read(int number)
    {
        slot.BeginRow();
        for (int i = 0; i < lists.Count; i++)
        {
            var (column, at) = lists[i];
            while (body[at] is (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
            var reader = new Utf8JsonReader(body[at..], JsonRows.Options);
            reader.Read();
            slot.Claim(column);
            JsonRows.ReadValue(ref reader, slot, column, number);
            lists[i] = (column, at + (int)reader.BytesConsumed);
        }
    }

    static int CountValues(ref Utf8JsonReader reader, RowSlot slot, int column)
    {
        int values = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values++;
            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) continue;
            slot.Refuse("value-type", column, reader.TokenType == JsonTokenType.StartArray ? "a list" : "an object", values);
            if (slot.Problems.Count >= RowSlot.MostProblems) return values;
            reader.Skip();
        }
        return values;
    }
}
