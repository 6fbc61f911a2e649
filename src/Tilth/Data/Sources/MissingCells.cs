using System.Text;

namespace Tilth.Data.Sources;

/// <summary>Finds words for "no value" among cells that otherwise are numbers.</summary>
internal static class MissingCells
{
    const int Longest = 8;

    /// <summary>The word as it is counted, or null; blanks alone are one too.</summary>
    public static string? Find(ReadOnlySpan<byte> cell)
    {
        var word = cell.Trim((byte)' ');
        if (word.Length == 0) return Encoding.UTF8.GetString(cell);
        if (word.Length > Longest) return null;
        Span<char> text = stackalloc char[Longest];
        int length = Encoding.UTF8.GetChars(word, text);
        return MissingWords.IsStandard(text[..length]) ? text[..length].ToString() : null;
    }
}
