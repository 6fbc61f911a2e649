using System.Text;

namespace Tilth.Data.Sources;

/// <summary>Words that stand for "no value" in a column that otherwise holds numbers only.</summary>
internal static class MissingWords
{
    static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
        { "NA", "N/A", "N.A.", "#N/A", "NaN", "-NaN", "null", "\\N", "none", "nil", "missing", "?", "-", "--", "---", "." };

    public static bool Contains(string word) => word.Length <= 8 && Words.Contains(word);

    /// <summary>The word as it is counted, or null; blanks alone are one too.</summary>
    public static string? Find(ReadOnlySpan<byte> cell)
    {
        var word = cell.Trim((byte)' ');
        if (word.Length == 0) return Encoding.UTF8.GetString(cell);
        if (word.Length > 8) return null;
        string text = Encoding.UTF8.GetString(word);
        return Words.Contains(text) ? text : null;
    }
}
