using System.Text;
using System.Text.Json;
using Tilth.Kernels;

namespace Tilth.Data.Sources;

/// <summary>
/// Reads JSON objects, one after the other or in one array, into columns: a nested object gives dotted names, null and absent
/// are missing, an array of values is joined to one text, any other array is kept as its JSON.
/// </summary>
internal sealed class JsonRows : IDisposable
{
    const int LongestRow = 64 << 20;

    static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    readonly SourceFile file;
    readonly Stream stream;
    byte[] buffer = new byte[256 * 1024];
    int at, end;
    bool atEnd, begun, inArray;
    long line = 1;
    byte[] unescaped = [];

    readonly List<ValueCollector> columns = [];
    readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    int expected;

    public JsonRows(SourceFile file) => (this.file, stream) = (file, file.Open());

    /// <summary>Reads up to that many rows; null at the end. Columns of an earlier call stay, all missing if need be.</summary>
    public Table? Read(int most)
    {
        for (int i = 0; i < columns.Count; i++) columns[i] = new ValueCollector(columns[i].Name);
        int row = 0;
        while (row < most && Next() is { Length: > 0 } element)
        {
            var reader = new Utf8JsonReader(element.Span, Lenient);
            reader.Read();
            expected = 0;
            AddObject(ref reader, element.Span, "", row++);
            line += element.Span.Count((byte)'\n');
        }
        foreach (var column in columns) column.PadTo(row);
        return row == 0 ? null : new Table([.. columns.Select(column => column.Build())]);
    }

    public void Dispose() => stream.Dispose();

    /// <summary>The bytes of the next object; empty at the end.</summary>
    ReadOnlyMemory<byte> Next()
    {
        if (!SkipToValue()) return default;
        if (buffer[at] != '{') throw new SourceException("json", $"{file.Name} line {line}: an object is expected here, but there is '{(char)buffer[at]}'");
        while (true)
        {
            try
            {
                var reader = new Utf8JsonReader(buffer.AsSpan(at, end - at), atEnd, new JsonReaderState(Lenient with { AllowMultipleValues = true }));
                if (reader.Read() && reader.TrySkip())
                {
                    var element = buffer.AsMemory(at, (int)reader.BytesConsumed);
                    at += element.Length;
                    return element;
                }
            }
            catch (JsonException e)
            {
                throw new SourceException("json", $"{file.Name} line {line + (e.LineNumber ?? 0)}: this is not valid JSON", e);
            }
            if (atEnd) throw new SourceException("json", $"{file.Name} line {line}: the object that begins here is not closed");
            if (end - at > LongestRow) throw new SourceException("json", $"{file.Name} line {line}: the object that begins here is longer than {LongestRow >> 20} MB");
            More();
        }
    }

    bool SkipToValue()
    {
        for (; ; at++)
        {
            if (at == end)
            {
                if (atEnd) return inArray ? throw new SourceException("json", $"{file.Name}: the array is not closed; is the file cut off?") : false;
                More();
                if (at == end) continue;
            }
            switch (buffer[at])
            {
                case (byte)'\n': line++; break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or 0x1E: break;
                case (byte)',' when begun: break;
                case (byte)'[' when !begun: begun = inArray = true; break;
                case (byte)']' when inArray: inArray = false; break;
                default: begun = true; return true;
            }
        }
    }

    void More()
    {
        buffer.AsSpan(at, end - at).CopyTo(buffer);
        (at, end) = (0, end - at);
        if (end > buffer.Length / 2) Array.Resize(ref buffer, buffer.Length * 2);
        int read = file.Read(stream, buffer.AsSpan(end));
        atEnd = end + read < buffer.Length;
        end += read;
        if (atEnd && at == end) at = end;
    }

    void AddObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> element, string prefix, int row)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string? name = prefix.Length == 0 && expected < columns.Count && reader.ValueTextEquals(columns[expected].Utf8Name)
                ? null : prefix + reader.GetString();
            int known = name is null ? expected : -1;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) AddObject(ref reader, element, (name ?? columns[known].Name) + ".", row);
            else
            {
                int place = known >= 0 ? known : PlaceOf(name!);
                expected = place + 1;
                AddValue(ref reader, element, columns[place], row);
            }
        }
    }

    int PlaceOf(string name)
    {
        if (places.TryGetValue(name, out int place)) return place;
        columns.Add(new ValueCollector(name));
        return places[name] = columns.Count - 1;
    }

    void AddValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> element, ValueCollector column, int row)
    {
        bool again = column.Count > row; // a name that stands twice in one object: the first value holds
        column.PadTo(row);
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            string joined = Join(ref reader, element);
            if (!again) column.Add(Encoding.UTF8.GetBytes(joined));
            return;
        }
        if (again) return;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number: column.Add(Number(ref reader)); break;
            case JsonTokenType.True: column.Add(true); break;
            case JsonTokenType.False: column.Add(false); break;
            case JsonTokenType.String: column.Add(Text(ref reader)); break;
            default: column.AddMissing(); break;
        }
    }

    static double Number(ref Utf8JsonReader reader) => DecimalText.TryRead(reader.ValueSpan, (byte)'.', out double value) ? value : reader.GetDouble();

    ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        if (unescaped.Length < reader.ValueSpan.Length) unescaped = new byte[2 * reader.ValueSpan.Length];
        return unescaped.AsSpan(0, reader.CopyString(unescaped));
    }

    static string Join(ref Utf8JsonReader reader, ReadOnlySpan<byte> element)
    {
        var parts = new List<string>();
        bool plain = true;
        int start = (int)reader.TokenStartIndex, depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) plain = false;
            else if (plain && reader.TokenType == JsonTokenType.String) parts.Add(reader.GetString()!);
            else if (plain && reader.TokenType != JsonTokenType.Null) parts.Add(Encoding.UTF8.GetString(reader.ValueSpan));
        }
        return plain ? string.Join(", ", parts) : Encoding.UTF8.GetString(element[start..(int)reader.BytesConsumed]);
    }
}
