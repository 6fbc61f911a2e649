using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// One call with rows: reads each from the body, predicts it and appends its answer to the slot. Either every row is answered
/// or, if one cannot be used, none, with every problem named.
/// </summary>
/// <param name="model">The name that was called.</param>
/// <param name="package">What answers.</param>
/// <param name="slot">Of that package.</param>
/// <param name="options">Limits.</param>
/// <param name="explain">Columns to explain each row with; 0 for none.</param>
/// <param name="log">Gets the rows and predictions; or null.</param>
/// <param name="trusted">Answers lines that the package refuses; or null.</param>
internal readonly struct RowCall(string model, ServedPackage package, RowSlot slot, ServingOptions options, int explain = 0, PredictionLog? log = null, TrustedLines? trusted = null)
{
    const int RowsBetweenLooks = 64;

    static ReadOnlySpan<byte> ColumnsName => "columns"u8;

    static readonly JsonEncodedText Model = JsonEncodedText.Encode("model"), Version = JsonEncodedText.Encode("version"),
        Predictions = JsonEncodedText.Encode("predictions"), Id = JsonEncodedText.Encode("id"), Problems = JsonEncodedText.Encode("problems");

    readonly long started = Stopwatch.GetTimestamp();

    /// <summary>Answers every row of a body. Rows answered.</summary>
    /// <exception cref="RefusedException">The body cannot be read, holds too many rows, or takes too long.</exception>
    public int Answer(ReadOnlySpan<byte> body, BodyForm form, CancellationToken stop, int firstLine = 1) => form switch
    {
        BodyForm.Csv => AnswerCsv(body, stop),
        BodyForm.Lines => AnswerLines(body, firstLine, stop),
        _ => AnswerJson(body, stop),
    };

    /// <summary>
    /// Answers each line, a JSON object, with a line. A line that cannot be used is answered with its problems, and does not
    /// hold up the others. Lines answered, empty ones left out.
    /// </summary>
    /// <param name="body">Whole lines.</param>
    /// <param name="first">The number of the first line, from 1.</param>
    /// <param name="stop">Ends the work early.</param>
    int AnswerLines(ReadOnlySpan<byte> body, int first, CancellationToken stop)
    {
        while (body.Length > 0)
        {
            int end = body.IndexOf((byte)'\n');
            var line = (end < 0 ? body : body[..end]).Trim(" \r\t"u8);
            body = end < 0 ? default : body[(end + 1)..];
            if (line.Length == 0) continue;
            stop.ThrowIfCancellationRequested();
            if (!AnswerLine(line, first + slot.Lines++, stop)) continue;
            slot.Json.Flush();
            slot.Answer.Write("\n"u8);
            slot.Json.Reset();
        }
        return slot.Lines;
    }

    /// <summary>False if the trusted package has put the whole line into the slot's answer.</summary>
    bool AnswerLine(ReadOnlySpan<byte> line, int number, CancellationToken stop)
    {
        try
        {
            var reader = new Utf8JsonReader(line, JsonRows.Options);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) JsonRows.Read(ref reader, slot, number);
            else slot.Problems.Add(new Problem("body-invalid", $"line {number} is {Word(reader.TokenType)}, but must be an object of columns and values", Row: number));
            if (!slot.IsRefused) reader.Read();
        }
        catch (JsonException fault)
        {
            slot.Problems.Add(new Problem("body-invalid", $"line {number} is not valid JSON: {ReadableJson.FaultOf(fault)}", Row: number));
        }
        catch (InvalidOperationException)
        {
            slot.Problems.Add(new Problem("body-invalid", $"line {number} has text that is not valid UTF-8", Row: number));
        }
        if (slot.IsRefused && trusted is not null && trusted.Answer(line, number, slot, stop))
        {
            slot.Problems.Clear();
            return false;
        }
        Open(slot.Json);
        if (slot.IsRefused)
        {
            AnswerWriter.Write(slot.Json, Problems, slot.Problems);
            slot.Problems.Clear();
        }
        else
        {
            Answer(slot.Json);
        }
        slot.Json.WriteEndObject();
        return true;
    }

    /// <summary>Answers a JSON object (one row), an array of objects, or an object of columns. Rows answered.</summary>
    int AnswerJson(ReadOnlySpan<byte> body, CancellationToken stop)
    {
        var json = slot.Json;
        int rows = 0;
        try
        {
            var reader = new Utf8JsonReader(body, JsonRows.Options);
            if (!reader.Read()) throw new JsonException("it is empty");
            if (IsColumns(reader))
            {
                rows = AnswerColumns(ref reader, body, stop);
            }
            else if (reader.TokenType == JsonTokenType.StartObject)
            {
                JsonRows.Read(ref reader, slot, null);
                if (!slot.IsRefused)
                {
                    Open(json);
                    Answer(json);
                    json.WriteEndObject();
                }
                rows = 1;
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                Open(json);
                json.WriteStartArray(Predictions);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Look(++rows, stop);
                    if (reader.TokenType != JsonTokenType.StartObject) throw Refused($"row {rows} is {Word(reader.TokenType)}, but each row must be an object of columns and values");
                    JsonRows.Read(ref reader, slot, rows);
                    if (slot.Problems.Count >= RowSlot.MostProblems) return rows;
                    AnswerInList(json);
                }
                Close(json);
            }
            else
            {
                throw Refused($"the body is {Word(reader.TokenType)}, but must be an object (one row) or a list of objects");
            }
            if (slot.Problems.Count < RowSlot.MostProblems) reader.Read();
        }
        catch (JsonException fault)
        {
            throw Refused($"the body is not valid JSON: {ReadableJson.FaultOf(fault)}");
        }
        catch (InvalidOperationException)
        {
            throw Refused("the body has text that is not valid UTF-8");
        }
        json.Flush();
        return rows;
    }

    /// <summary>Whether the body is {"columns": {...: a row has no object as a value, so that no row can be meant.</summary>
    static bool IsColumns(Utf8JsonReader ahead)
        => ahead.TokenType == JsonTokenType.StartObject && ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueTextEquals(ColumnsName)
            && ahead.Read() && ahead.TokenType == JsonTokenType.StartObject;

    int AnswerColumns(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, CancellationToken stop)
    {
        reader.Read();
        reader.Read();
        var columns = new JsonColumns(ref reader, body, slot);
        if (slot.IsRefused) return 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndObject) throw Refused("beside \"columns\" the body has something else");
        Open(slot.Json);
        slot.Json.WriteStartArray(Predictions);
        for (int row = 1; row <= columns.Count && slot.Problems.Count < RowSlot.MostProblems; row++)
        {
            Look(row, stop);
            columns.Read(row);
            AnswerInList(slot.Json);
        }
        Close(slot.Json);
        return columns.Count;
    }

    /// <summary>Answers CSV with a header line. Rows answered.</summary>
    int AnswerCsv(ReadOnlySpan<byte> body, CancellationToken stop)
    {
        var rows = new CsvRows(body, slot);
        if (slot.IsRefused) return 0;
        int count = 0;
        Open(slot.Json);
        slot.Json.WriteStartArray(Predictions);
        while (slot.Problems.Count < RowSlot.MostProblems && rows.Read())
        {
            Look(++count, stop);
            AnswerInList(slot.Json);
        }
        Close(slot.Json);
        slot.Json.Flush();
        return count;
    }

    void Open(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(Model, model);
        json.WriteString(Version, package.Version);
    }

    static void Close(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    void AnswerInList(Utf8JsonWriter json)
    {
        if (slot.IsRefused) return;
        json.WriteStartObject();
        Answer(json);
        json.WriteEndObject();
    }

    void Answer(Utf8JsonWriter json)
    {
        var warnings = slot.Predict();
        int decided = slot.Predictor.Decide(slot.Outputs);
        if (log is not null) Note(log, json, decided, warnings);
        package.Answers.Write(json, slot.Outputs, decided, warnings);
        if (explain > 0) AnswerWriter.Write(json, slot.Predictor.Explain(slot.Row, slot.Outputs.Length == 1 ? 0 : Math.Max(decided, 0)), explain);
    }

    void Note(PredictionLog log, Utf8JsonWriter json, int decided, IReadOnlyList<Problem> warnings)
    {
        Span<char> buffer = stackalloc char[32];
        var id = buffer[..log.NextId(buffer, out bool chosen)];
        json.WriteString(Id, id);
        if (chosen) RowRecord.Append(log, id, model, package, slot, decided, warnings);
    }

    void Look(int rows, CancellationToken stop)
    {
        if (rows > options.MaxRows)
            throw new RefusedException(StatusCodes.Status413PayloadTooLarge, "rows-many", string.Create(CultureInfo.InvariantCulture, $"the call has more than the {options.MaxRows} rows that one call may hold"));
        if (rows % RowsBetweenLooks != 0) return;
        stop.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(started) > options.RequestTimeout)
            throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "call-slow", $"the rows took longer than {options.RequestTimeout.TotalSeconds:0.###} seconds; send fewer in one call");
    }

    static RefusedException Refused(string message) => new(StatusCodes.Status400BadRequest, "body-invalid", message);

    static string Word(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a truth value",
    };
}
