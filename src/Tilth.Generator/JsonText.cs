using System.Globalization;
using System.Text;

namespace Tilth.Generator;

/// <summary>
/// Reads JSON into dictionaries, lists, texts, doubles, truth values and null. The compiler's process has no JSON library that
/// a generator may count on.
/// </summary>
sealed class JsonText
{
    const int MaxDepth = 64;

    readonly string text;
    int at;

    JsonText(string text) => this.text = text;

    /// <exception cref="FormatException">The text is not JSON; says where.</exception>
    public static object? Read(string text)
    {
        var reader = new JsonText(text);
        object? value = reader.Value(0);
        reader.SkipSpace();
        return reader.at == text.Length ? value : throw reader.Wrong();
    }

    object? Value(int depth)
    {
        if (depth > MaxDepth) throw Wrong();
        SkipSpace();
        switch (Peek())
        {
            case '{': return Object(depth);
            case '[': return List(depth);
            case '"': return Text();
            case 't': return Word("true", true);
            case 'f': return Word("false", false);
            case 'n': return Word("null", null);
            default: return Number();
        }
    }

    Dictionary<string, object?> Object(int depth)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        at++;
        SkipSpace();
        if (Take('}')) return members;
        do
        {
            SkipSpace();
            string name = Text();
            SkipSpace();
            if (!Take(':')) throw Wrong();
            members[name] = Value(depth + 1);
            SkipSpace();
        }
        while (Take(','));
        return Take('}') ? members : throw Wrong();
    }

    List<object?> List(int depth)
    {
        var items = new List<object?>();
        at++;
        SkipSpace();
        if (Take(']')) return items;
        do
        {
            items.Add(Value(depth + 1));
            SkipSpace();
        }
        while (Take(','));
        return Take(']') ? items : throw Wrong();
    }

    string Text()
    {
        if (!Take('"')) throw Wrong();
        var read = new StringBuilder();
        while (true)
        {
            char c = Next();
            if (c == '"') return read.ToString();
            read.Append(c == '\\' ? Escaped() : c);
        }
    }

    char Escaped()
    {
        char c = Next();
        switch (c)
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                if (at + 4 > text.Length || !ushort.TryParse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code)) throw Wrong();
                at += 4;
                return (char)code;
            default: return c is '"' or '\\' or '/' ? c : throw Wrong();
        }
    }

    object? Word(string word, object? value)
    {
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw Wrong();
        at += word.Length;
        return value;
    }

    object Number()
    {
        int start = at;
        while (at < text.Length && text[at] is (>= '0' and <= '9') or '-' or '+' or '.' or 'e' or 'E') at++;
        return double.TryParse(text.Substring(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Wrong();
    }

    void SkipSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r') at++;
    }

    char Peek() => at < text.Length ? text[at] : '\0';

    char Next() => at < text.Length ? text[at++] : throw Wrong();

    bool Take(char c)
    {
        if (Peek() != c) return false;
        at++;
        return true;
    }

    FormatException Wrong() => new($"it is not JSON at character {at + 1}");
}
