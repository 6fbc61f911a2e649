using System.Text;
using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>
/// What the texts of one column look like, gathered over every row: how many read as numbers (in each notation), as dates
/// (in each pattern), as truth values, as missing markers; how many words and how many different texts there are. A
/// dictionary column shows each level once with its count.
/// </summary>
internal sealed class TextEvidence
{
    static readonly string[] DatePatterns =
    [
        "yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "yyyyMMdd", "d/M/yyyy", "M/d/yyyy", "d.M.yyyy", "M.d.yyyy", "d-M-yyyy", "M-d-yyyy",
        "d/M/yy", "M/d/yy", "d.M.yy", "d-M-yy", "M-d-yy", "d MMM yyyy", "d-MMM-yyyy", "d-MMM-yy", "d. MMM yyyy", "MMM d yyyy", "MMM d, yyyy",
        "ddd d MMM yyyy", "ddd, d MMM yyyy", "ddd MMM d yyyy", "yyyy MMM d", "d/MMM/yyyy",
    ];

    readonly Dictionary<ulong, long> distinct = [];
    readonly long[] dates = new long[DatePatterns.Length];
    long dateCandidates;
    int width;

    /// <summary>Texts that are no common missing marker.</summary>
    public long Present { get; private set; }

    /// <summary>Texts that read as a number with a decimal point, and with a decimal comma.</summary>
    public long PointNumbers { get; private set; }

    /// <inheritdoc cref="PointNumbers"/>
    public long CommaNumbers { get; private set; }

    /// <summary>Present texts that mean missing only among numbers, dates and truth values ("none").</summary>
    public long WeakMarkers { get; private set; }

    /// <summary>Words in all texts.</summary>
    public long Words { get; private set; }

    /// <summary>Texts of one word with a digit in it.</summary>
    public long CodeLike { get; private set; }

    /// <summary>Letters in all texts.</summary>
    public long Letters { get; private set; }

    /// <summary>Different texts.</summary>
    public int Distinct => distinct.Count;

    /// <summary>The count of the most frequent text.</summary>
    public long Commonest => distinct.Count == 0 ? 0 : distinct.Values.Max();

    /// <summary>Count of each currency or unit.</summary>
    public Dictionary<string, long> Affixes { get; } = [];

    /// <summary>Count of each missing marker as it was written, trimmed; the blank one is "".</summary>
    public Dictionary<string, long> Markers { get; } = [];

    /// <summary>The first few different words in lower case, with their counts; null once there are more than 8.</summary>
    public Dictionary<string, long>? FewWords { get; private set; } = [];

    /// <summary>The first text that is no number in either notation.</summary>
    public string? NotNumber { get; private set; }

    /// <summary>Texts with two letters, in capitals.</summary>
    public long TwoCapitals { get; private set; }

    /// <summary>Texts of digits only, and those of them with three or more digits that begin with 0 ("00501"; "07" is an hour or a month).</summary>
    public long Digits { get; private set; }

    /// <inheritdoc cref="Digits"/>
    public long PaddedDigits { get; private set; }

    /// <summary>The first text with a padding 0.</summary>
    public string? Padded { get; private set; }

    /// <summary>Whether all texts of digits are equally long.</summary>
    public bool OneWidth { get; private set; } = true;

    public static TextEvidence Of(Column column)
    {
        var evidence = new TextEvidence();
        if (column is CategoryColumn category)
        {
            var counts = new long[category.Levels.Count];
            foreach (int code in category.Codes.Span)
                if (code >= 0) counts[code]++;
            for (int level = 0; level < counts.Length; level++)
                if (counts[level] > 0) evidence.Observe(category.Levels.NameOf(level), counts[level]);
        }
        else if (column is TextColumn texts)
        {
            char[] buffer = new char[256];
            for (int row = 0; row < texts.Count; row++)
            {
                if (texts.IsMissing(row)) continue;
                var utf8 = texts.GetUtf8(row);
                if (utf8.Length > buffer.Length) buffer = new char[utf8.Length * 2];
                evidence.Observe(buffer.AsSpan(0, Encoding.UTF8.GetChars(utf8, buffer)), 1);
            }
        }
        return evidence;
    }

    void Observe(ReadOnlySpan<char> cell, long count)
    {
        var text = cell.Trim();
        if (MissingWords.IsCommon(text))
        {
            Count(Markers, text, count);
            return;
        }
        Present += count;
        ulong key = StableHash.Of(text);
        distinct[key] = distinct.GetValueOrDefault(key) + count;
        ObserveWords(text, count);
        if (MissingWords.IsStandard(text)) WeakMarkers += count;
        else ObserveNumber(text, count);
        ObserveDate(text, count);
    }

    void ObserveWords(ReadOnlySpan<char> text, long count)
    {
        int words = 0;
        bool inside = false;
        foreach (char c in text)
        {
            bool letter = !char.IsWhiteSpace(c);
            if (letter && !inside) words++;
            inside = letter;
        }
        Words += words * count;
        Letters += text.Length * count;
        if (words == 1 && text.IndexOfAnyInRange('0', '9') >= 0) CodeLike += count;
        if (text.Length == 2 && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[1])) TwoCapitals += count;
        if (FewWords is null) return;
        Count(FewWords, text.Length > 40 ? text[..40] : text, count);
        if (FewWords.Count > 8) FewWords = null;
    }

    void ObserveNumber(ReadOnlySpan<char> text, long count)
    {
        bool point = false, comma = false;
        if (!text.ContainsAnyExceptInRange('0', '9')) ObserveDigits(text, count);
        if (NumberText.TryFindAffix(text, out var affix))
        {
            point = NumberText.TryRead(text, decimalComma: false, affix, out _);
            comma = NumberText.TryRead(text, decimalComma: true, affix, out _);
            if ((point || comma) && affix.Length > 0 && Affixes.Count < 100) Count(Affixes, affix, count);
        }
        if (point) PointNumbers += count;
        if (comma) CommaNumbers += count;
        if (!point && !comma) NotNumber ??= text.ToString();
    }

    void ObserveDigits(ReadOnlySpan<char> text, long count)
    {
        OneWidth &= Digits == 0 || text.Length == width;
        width = text.Length;
        Digits += count;
        if (text is not ['0', _, _, ..]) return;
        PaddedDigits += count;
        Padded ??= text.ToString();
    }

    void ObserveDate(ReadOnlySpan<char> text, long count)
    {
        dateCandidates += count;
        // A column that is not of dates shows it soon: patterns that fail for most texts are not tried any more.
        if (text.Length is < 6 or > 40 || text.IndexOfAnyInRange('0', '9') < 0) return;
        for (int i = 0; i < dates.Length; i++)
            if (dates[i] * 2 + 16 * Math.Max(count, 1) >= dateCandidates - count && DateText.TryRead(text, DatePatterns[i], out _)) dates[i] += count;
    }

    /// <summary>The pattern that reads most texts, how many, and the runner-up if it reads as many.</summary>
    public (string Pattern, long Read, string? Other) BestDate()
    {
        int best = 0;
        for (int i = 1; i < dates.Length; i++)
            if (dates[i] > dates[best]) best = i;
        int other = Array.FindIndex(dates, best + 1, read => read == dates[best]);
        return (DatePatterns[best], dates[best], other < 0 || dates[best] == 0 ? null : DatePatterns[other]);
    }

    static void Count(Dictionary<string, long> counts, ReadOnlySpan<char> text, long count)
    {
        string key = text.ToString();
        counts[key] = counts.GetValueOrDefault(key) + count;
    }
}
