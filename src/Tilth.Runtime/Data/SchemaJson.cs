using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tilth.Data;

/// <summary>
/// A schema as JSON that people read and edit. A level whose name is withheld is an object with its key; ranges of dates are
/// ISO dates; what is empty or usual is left out. <see cref="SchemaJsonReader"/> reads it back.
/// </summary>
public static class SchemaJson
{
    internal const int Version = 1;

    /// <summary>Bytes that <see cref="Read"/> takes at most.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>Writes indented UTF-8; the same schema always gives the same bytes.</summary>
    public static byte[] Write(Schema schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Not for embedding in HTML, so that accents and quotes stay readable.
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("format", "tilth-schema");
            json.WriteNumber("version", Version);
            if (schema.Target is { } target) WriteTarget(json, target);
            json.WriteStartArray("columns");
            foreach (var column in schema.Columns) WriteColumn(json, column, withLevels: schema.Target?.Column != column.Name);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads what <see cref="Write"/> wrote or a person edited; comments and trailing commas are allowed.</summary>
    /// <exception cref="SchemaException">It is no JSON, or not a schema; every problem, each with the place.</exception>
    public static Schema Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MostBytes) throw new SchemaException("schema-json", $"the schema has {json.Length} bytes; at most {MostBytes} are read");
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 8, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return new SchemaJsonReader().Read(document.RootElement);
        }
        // The platform throws the second for half a surrogate pair in an escaped name.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new SchemaException("schema-json", $"the schema is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>As <see cref="Read"/>, for the schema of a package.</summary>
    /// <exception cref="PackageFormatException">It is not a schema.</exception>
    internal static Schema ReadFromPackage(ReadOnlyMemory<byte> json)
    {
        try
        {
            return Read(json);
        }
        catch (SchemaException exception)
        {
            throw new PackageFormatException("schema", $"the package's schema is damaged: {exception.Problems[0].Message}", exception);
        }
    }

    internal static string Word<T>(T value) where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    static void WriteTarget(Utf8JsonWriter json, TargetSchema target)
    {
        json.WriteStartObject("target");
        json.WriteString("column", target.Column);
        json.WriteString("task", Word(target.Task));
        if (target.Classes.Count > 0) WriteTexts(json, "classes", target.Classes);
        json.WriteEndObject();
    }

    static void WriteColumn(Utf8JsonWriter json, ColumnSchema column, bool withLevels)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("kind", Word(column.Kind));
        json.WriteString("role", Word(column.Role));
        var format = column.Format;
        if (format.DecimalComma) json.WriteBoolean("decimalComma", true);
        if (format.Affix is { } affix) json.WriteString("affix", affix);
        if (format.DatePattern is { } pattern) json.WriteString("datePattern", pattern);
        if (format.TrueWord is { } yes) json.WriteString("trueWord", yes);
        if (format.FalseWord is { } no) json.WriteString("falseWord", no);
        if (format.MissingMarkers.Count > 0) WriteTexts(json, "missing", format.MissingMarkers);
        WriteBound(json, "min", column, column.Min);
        WriteBound(json, "max", column, column.Max);
        if (withLevels && column.Levels.Count > 0) WriteLevels(json, column.Levels);
        json.WriteEndObject();
    }

    static void WriteBound(Utf8JsonWriter json, string name, ColumnSchema column, double value)
    {
        if (double.IsNaN(value)) return;
        if (column.Kind == ColumnKind.DateTime && value >= 0 && value <= DateTime.MaxValue.Ticks - 1000)
            json.WriteString(name, new Cell(new DateTime((long)value)).AsText(stackalloc char[CellReader.TextBuffer]));
        else if (double.IsInfinity(value)) json.WriteString(name, value > 0 ? "infinity" : "-infinity");
        else json.WriteNumber(name, value);
    }

    static void WriteLevels(Utf8JsonWriter json, LevelSet levels)
    {
        json.WriteStartArray("levels");
        for (int code = 0; code < levels.Count; code++)
        {
            if (levels.HasName(code))
            {
                json.WriteStringValue(levels.NameOf(code));
                continue;
            }
            json.WriteStartObject();
            json.WriteString("key", levels.KeyOf(code).ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
