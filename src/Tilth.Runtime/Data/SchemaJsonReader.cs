using System.Globalization;
using System.Text.Json;
using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>
/// Reads a schema from JSON of any origin: each wrong name, type or value becomes a problem that names its place, and all of
/// them are told at once.
/// </summary>
internal sealed class SchemaJsonReader
{
    const int MostProblems = 50;

    static readonly string[] RootNames = ["format", "version", "target", "columns"];
    static readonly string[] TargetNames = ["column", "task", "classes"];
    static readonly string[] ColumnNames =
        ["name", "kind", "role", "decimalComma", "affix", "datePattern", "trueWord", "falseWord", "missing", "min", "max", "levels"];

    readonly List<Problem> problems = [];

    public Schema Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new SchemaException("schema-json", $"a schema is a JSON object, but this is {Kind(root)}");
        CheckNames("the schema", root, RootNames);
        if (!root.TryGetProperty("version", out var version)) Add("the schema", "has no 'version'");
        else if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number != SchemaJson.Version)
            Add("the schema", $"has version {Show(version)}, but this program reads version {SchemaJson.Version}");

        var columns = new List<ColumnSchema>();
        if (root.TryGetProperty("columns", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                if (problems.Count >= MostProblems) break;
                if (ReadColumn(item, columns.Count) is { } column) columns.Add(column);
            }
        }
        else
        {
            Add("the schema", "has no list 'columns'");
        }
        CheckColumns(columns);
        var target = root.TryGetProperty("target", out var given) ? ReadTarget(given, columns) : null;
        return problems.Count == 0 ? new Schema { Columns = columns, Target = target } : throw new SchemaException(problems);
    }

    ColumnSchema? ReadColumn(JsonElement item, int index)
    {
        string place = $"column {index + 1}";
        if (item.ValueKind != JsonValueKind.Object)
        {
            Add(place, $"must be an object, but is {Kind(item)}");
            return null;
        }
        if (Text(item, "name", place) is not { } name)
        {
            Add(place, "has no 'name'");
            return null;
        }
        place = $"column '{name}'";
        CheckNames(place, item, ColumnNames);
        var kind = Choice<ColumnKind>(item, "kind", place) ?? Missing<ColumnKind>(place, "kind");
        var role = Choice<ColumnRole>(item, "role", place) ?? ColumnRole.Feature;
        string? pattern = Text(item, "datePattern", place);
        if (pattern is not null && !DateText.IsPattern(pattern)) Add(place, $"has the datePattern '{pattern}', which lacks a year (yyyy), a month (MM) or a day (dd)");
        return new ColumnSchema
        {
            Name = name, Kind = kind, Role = role,
            Format = new ValueFormat
            {
                DecimalComma = Flag(item, "decimalComma", place), Affix = Text(item, "affix", place), DatePattern = pattern,
                TrueWord = Text(item, "trueWord", place), FalseWord = Text(item, "falseWord", place), MissingMarkers = Texts(item, "missing", place),
            },
            Min = Bound(item, "min", place, kind), Max = Bound(item, "max", place, kind), Levels = Levels(item, place),
        };
    }

    void CheckColumns(List<ColumnSchema> columns)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
            if (!names.Add(column.Name)) Add($"column '{column.Name}'", "stands twice");
        foreach (var role in (ReadOnlySpan<ColumnRole>)[ColumnRole.Target, ColumnRole.Weight, ColumnRole.Group, ColumnRole.Time])
            if (columns.Count(column => column.Role == role) > 1) Add("the schema", $"has more than one column with the role '{SchemaJson.Word(role)}'");
    }

    TargetSchema? ReadTarget(JsonElement given, List<ColumnSchema> columns)
    {
        const string Place = "the target";
        if (given.ValueKind != JsonValueKind.Object)
        {
            Add(Place, $"must be an object, but is {Kind(given)}");
            return null;
        }
        CheckNames(Place, given, TargetNames);
        string name = Text(given, "column", Place) ?? "";
        var task = Choice<TaskKind>(given, "task", Place) ?? Missing<TaskKind>(Place, "task");
        var classes = Texts(given, "classes", Place);
        int at = columns.FindIndex(column => column.Name == name);
        if (at < 0)
        {
            Add(Place, $"names the column '{name}', which is not among the columns");
            return null;
        }
        if (columns[at].Role != ColumnRole.Target) Add(Place, $"is '{name}', but that column's role is '{SchemaJson.Word(columns[at].Role)}'");
        var kind = task == TaskKind.Regression ? ColumnKind.Number : ColumnKind.Category;
        if (columns[at].Kind != kind) Add(Place, $"is '{name}', whose kind must be '{SchemaJson.Word(kind)}' for {SchemaJson.Word(task)}");
        if (task == TaskKind.Binary ? classes.Count != 2 : task == TaskKind.Multiclass ? classes.Count < 2 : classes.Count > 0)
            Add(Place, $"has {classes.Count} classes, which does not suit {SchemaJson.Word(task)}");
        else if (classes.Count > 0 && LevelsOf([.. classes], [.. classes.Select(label => StableHash.Of(label))], Place) is { } levels)
            columns[at] = columns[at] with { Levels = levels };
        return new TargetSchema { Column = name, Task = task, Classes = classes };
    }

    LevelSet Levels(JsonElement item, string place)
    {
        if (!item.TryGetProperty("levels", out var list)) return LevelSet.Empty;
        if (list.ValueKind != JsonValueKind.Array)
        {
            Add(place, $"'levels' must be a list, but is {Kind(list)}");
            return LevelSet.Empty;
        }
        var names = new List<string?>();
        var keys = new List<ulong>();
        foreach (var level in list.EnumerateArray())
        {
            if (level.ValueKind == JsonValueKind.Object && level.TryGetProperty("key", out var key) && AsText(key) is { Length: 16 } hex
                && ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hash))
            {
                names.Add(null);
                keys.Add(hash);
            }
            else if (AsText(level) is { } name)
            {
                names.Add(name);
                keys.Add(StableHash.Of(name));
            }
            else
            {
                Add(place, $"has the level {Show(level)}, which is neither a text nor a key of 16 hexadecimal digits");
                return LevelSet.Empty;
            }
        }
        return LevelsOf([.. names], [.. keys], place) ?? LevelSet.Empty;
    }

    LevelSet? LevelsOf(string?[] names, ulong[] keys, string place)
    {
        var seen = new HashSet<ulong>();
        int twice = Array.FindIndex(keys, key => !seen.Add(key));
        if (twice < 0) return new LevelSet(names, keys);
        Add(place, $"has the level '{names[twice] ?? $"#{keys[twice]:x16}"}' twice");
        return null;
    }

    double Bound(JsonElement item, string name, string place, ColumnKind kind)
    {
        if (!item.TryGetProperty(name, out var value)) return double.NaN;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)) return number;
        string? text = AsText(value);
        if (text is "infinity" or "-infinity") return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (kind == ColumnKind.DateTime && text is not null && DateText.TryRead(text, null, out long ticks)) return ticks;
        Add(place, $"'{name}' must be {(kind == ColumnKind.DateTime ? "an ISO date" : "a number")}, but is {Show(value)}");
        return double.NaN;
    }

    string? Text(JsonElement item, string name, string place)
    {
        if (!item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (AsText(value) is { } text) return text;
        Add(place, $"'{name}' must be a text, but is {Show(value)}");
        return null;
    }

    IReadOnlyList<string> Texts(JsonElement item, string name, string place)
    {
        if (!item.TryGetProperty(name, out var list)) return [];
        var texts = new List<string>();
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var value in list.EnumerateArray())
                if (AsText(value) is { } text) texts.Add(text);
            if (texts.Count == list.GetArrayLength()) return texts;
        }
        Add(place, $"'{name}' must be a list of texts");
        return [];
    }

    bool Flag(JsonElement item, string name, string place)
    {
        if (!item.TryGetProperty(name, out var value)) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Add(place, $"'{name}' must be true or false, but is {Show(value)}");
        return value.ValueKind == JsonValueKind.True;
    }

    T? Choice<T>(JsonElement item, string name, string place) where T : struct, Enum
    {
        if (Text(item, name, place) is not { } word) return null;
        foreach (T value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), word, StringComparison.OrdinalIgnoreCase)) return value;
        Add(place, $"'{name}' is '{word}', but must be one of {Spelling.List(Enum.GetValues<T>().Select(SchemaJson.Word))}");
        return default(T);
    }

    T Missing<T>(string place, string name)
    {
        Add(place, $"has no '{name}'");
        return default!;
    }

    void CheckNames(string place, JsonElement item, string[] known)
    {
        foreach (var property in item.EnumerateObject())
        {
            string name = NameOf(property);
            if (known.Contains(name)) continue;
            string? nearest = Spelling.Nearest(name.Length > 100 ? name[..100] : name, known);
            Add(place, $"has an unknown entry '{name}'" + (nearest is null ? "" : $"; did you mean '{nearest}'?"));
        }
    }

    /// <summary>Half a surrogate pair in an escape is valid JSON but no text; the platform throws for it.</summary>
    static string? AsText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try { return value.GetString(); }
        catch (InvalidOperationException) { return null; }
    }

    static string NameOf(JsonProperty property)
    {
        try { return property.Name; }
        catch (InvalidOperationException) { return "(not a text)"; }
    }

    static string Kind(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();

    static string Show(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "..." : value.GetRawText();

    void Add(string place, string what)
    {
        if (problems.Count < MostProblems) problems.Add(new Problem("schema-json", $"{place} {what}"));
    }
}
