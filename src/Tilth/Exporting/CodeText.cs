using System.Globalization;
using System.Numerics;
using System.Text;

namespace Tilth.Exporting;

/// <summary>C# under way: lines, literals that keep every bit, and lists of constants of which equal ones stand once.</summary>
internal sealed class CodeText
{
    /// <summary>Numbers in all lists together; a compiler takes about a second for a million.</summary>
    const int MostNumbers = 5_000_000, NumbersALine = 24;

    readonly StringBuilder lines = new(), lists = new(), fields = new();
    readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    int numbers;

    /// <summary>Adds a line.</summary>
    public void Line(int depth, string text) => lines.Append(' ', text.Length == 0 ? 0 : 4 * depth).Append(text).Append('\n');

    /// <summary>Adds a field once; it stands after the lists.</summary>
    public void Field(string name, string declaration)
    {
        if (known.TryAdd(name, name)) fields.Append("    ").Append(declaration).Append("\n\n");
    }

    /// <summary>Adds what another part wrote.</summary>
    public void Block(string text) => lines.Append(text);

    /// <summary>The name of a list with these values.</summary>
    /// <exception cref="NotSupportedException">There are too many numbers.</exception>
    public string List<T>(IReadOnlyList<T> values) where T : unmanaged, INumber<T>
    {
        if (values.Count == 0) return $"ReadOnlySpan<{Word<T>()}>.Empty";
        var text = new StringBuilder();
        for (int i = 0; i < values.Count; i++) text.Append(i == 0 ? "" : i % NumbersALine == 0 ? ",\n        " : ", ").Append(Literal(values[i]));
        string type = Word<T>(), key = $"{type} {text}";
        if (known.TryGetValue(key, out string? name)) return name;
        numbers += values.Count;
        if (numbers > MostNumbers) throw new NotSupportedException($"the package has more than {MostNumbers:N0} numbers, which is too much for one C# file");
        name = known[key] = $"List{known.Count}";
        lists.Append(CultureInfo.InvariantCulture, $"    static ReadOnlySpan<{type}> {name} =>\n    [\n        {text},\n    ];\n\n");
        return name;
    }

    /// <summary>Everything, the lists where they were asked for.</summary>
    public string Whole(string end) => lines.ToString() + lists + fields + end;

    /// <summary>A number as source text with all its bits.</summary>
    public static string Literal<T>(T value) where T : unmanaged, INumber<T>
    {
        if (T.IsNaN(value)) return $"{Word<T>()}.NaN";
        if (T.IsInfinity(value)) return $"{Word<T>()}.{(T.IsPositive(value) ? "Positive" : "Negative")}Infinity";
        string text = value.ToString(null, CultureInfo.InvariantCulture);
        return value switch { double => text + "d", float => text + "f", long => text + "L", ulong => text + "UL", _ => text };
    }

    /// <summary>A text as source text.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') literal.Append('\\').Append(c);
            else if (c is >= ' ' and < '\u007F') literal.Append(c);
            else literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return literal.Append('"').ToString();
    }

    /// <summary>A text inside a comment.</summary>
    public static string Comment(string text)
        => string.Concat(text.Select(c => c switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", _ => char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c) ? " " : c.ToString() }));

    static string Word<T>() => typeof(T) == typeof(double) ? "double" : typeof(T) == typeof(float) ? "float" : typeof(T) == typeof(long) ? "long"
        : typeof(T) == typeof(ulong) ? "ulong" : typeof(T) == typeof(byte) ? "byte" : "int";
}
