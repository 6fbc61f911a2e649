using System.Security.Cryptography;
using System.Text;

namespace Tilth.Generator;

/// <summary>A feature column as schema.json describes it.</summary>
sealed class FeatureColumn(string name, string kind, string? min, string? max, IReadOnlyList<string> levels)
{
    public string Name => name;

    /// <summary>number, category, text, dateTime or boolean.</summary>
    public string Kind => kind;

    /// <summary>The smallest training value as text, if there is one.</summary>
    public string? Min => min;

    public string? Max => max;

    /// <summary>The levels whose names are not withheld.</summary>
    public IReadOnlyList<string> Levels => levels;
}

/// <summary>What code relies on in a package's schema.json (docs/formats/package.md).</summary>
sealed class SchemaText
{
    const double Version = 1;

    public string Target { get; private set; } = "";

    /// <summary>binary, multiclass or regression.</summary>
    public string Task { get; private set; } = "";

    public List<string> Classes { get; private set; } = [];

    public List<FeatureColumn> Features { get; } = [];

    /// <exception cref="FormatException">It is not the schema of a package, or of a newer version; a sentence without its subject.</exception>
    public static SchemaText Read(string json)
    {
        if (JsonText.Read(json) is not Dictionary<string, object?> root || Text(root, "format") != "tilth-schema") throw new FormatException("it is not a Tilth schema");
        if (!root.TryGetValue("version", out object? version) || version is not Version) throw new FormatException($"it has version {version}, but this generator reads version {Version}");
        if (!root.TryGetValue("target", out object? given) || given is not Dictionary<string, object?> target) throw new FormatException("it names no target");
        var schema = new SchemaText { Target = Text(target, "column"), Task = Text(target, "task"), Classes = [.. Texts(target, "classes")] };
        if (schema.Task is not ("binary" or "multiclass" or "regression")) throw new FormatException($"its task '{schema.Task}' is not known to this generator");
        foreach (var column in List(root, "columns").OfType<Dictionary<string, object?>>())
        {
            // The role "feature" may be left out by hand.
            if (column.TryGetValue("role", out object? role) && !"feature".Equals(role as string, StringComparison.OrdinalIgnoreCase)) continue;
            schema.Features.Add(new FeatureColumn(Text(column, "name"), Text(column, "kind"), Bound(column, "min"), Bound(column, "max"), [.. Texts(column, "levels")]));
        }
        return schema;
    }

    /// <summary>The same text as Tilth.Prediction.SchemaContract gives for the schema.</summary>
    public string Contract()
    {
        var text = new StringBuilder();
        void Line(string what, string name) => text.Append(what).Append(' ').Append(name.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r")).Append('\n');
        Line("target " + Task, Target);
        foreach (string name in Classes) Line("class", name);
        foreach (var column in Features) Line(column.Kind, column.Name);
        return text.ToString();
    }

    /// <summary>The first 12 digits of the contract's SHA-256.</summary>
    public static string Pin(string contract)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(contract)).Take(6).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    static string Text(Dictionary<string, object?> from, string name)
        => from.TryGetValue(name, out object? value) && value is string text ? text : throw new FormatException($"it lacks the text '{name}'");

    static List<object?> List(Dictionary<string, object?> from, string name)
        => from.TryGetValue(name, out object? value) && value is List<object?> list ? list : [];

    static IEnumerable<string> Texts(Dictionary<string, object?> from, string name) => List(from, name).OfType<string>();

    static string? Bound(Dictionary<string, object?> from, string name)
        => !from.TryGetValue(name, out object? value) ? null : value is double number ? number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : value as string;
}
