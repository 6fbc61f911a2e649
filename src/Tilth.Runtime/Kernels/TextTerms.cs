using System.Globalization;
using System.Text;

namespace Tilth.Kernels;

/// <summary>
/// Cuts text into terms and names each by a 64-bit hash. Words are runs of letters, marks, digits and underscores;
/// characters are taken inside blank-separated words with one blank on either side (scikit-learn's "char_wb"). Case is
/// folded by simple lower-casing. Both are linear in the text, allocate nothing once the scratch has grown, and take any
/// bytes: what is no UTF-8 counts as U+FFFD.
/// </summary>
internal static class TextTerms
{
    const ulong Step = 0x9E3779B97F4A7C15, Join = 0xD6E8FEB86659FD93;

    /// <summary>Lower-cased code points of a text; returns how many.</summary>
    public static int Fold(ReadOnlySpan<byte> utf8, TextScratch scratch)
    {
        TextScratch.Reserve(ref scratch.Points, utf8.Length);
        var points = scratch.Points;
        int count = 0;
        while (!utf8.IsEmpty)
        {
            byte first = utf8[0];
            if (first < 0x80)
            {
                points[count++] = first is >= (byte)'A' and <= (byte)'Z' ? first | 0x20 : first;
                utf8 = utf8[1..];
                continue;
            }
            Rune.DecodeFromUtf8(utf8, out var rune, out int used);
            points[count++] = Rune.ToLowerInvariant(rune).Value;
            utf8 = utf8[used..];
        }
        return count;
    }

    /// <summary>
    /// Hashes of all word n-grams of sizes 1 to <paramref name="size"/> (1 or 2) into the scratch's terms; returns how many.
    /// The places are those of the n-grams' first and last code points.
    /// </summary>
    public static int Words(ReadOnlySpan<byte> utf8, int size, TextScratch scratch)
    {
        int length = Fold(utf8, scratch), terms = 0, previousStart = -1;
        ulong previous = 0;
        TextScratch.Reserve(ref scratch.Terms, length + 2);
        TextScratch.Reserve(ref scratch.Places, length + 2);
        for (int at = 0; at < length;)
        {
            if (!IsWord(scratch.Points[at])) { at++; continue; }
            int start = at;
            ulong hash = Step;
            for (; at < length && IsWord(scratch.Points[at]); at++) hash = Extend(hash, scratch.Points[at]);
            Emit(scratch, ref terms, StableHash.Mix(hash), start, at);
            if (size > 1 && previousStart >= 0) Emit(scratch, ref terms, StableHash.Mix(previous * Join + hash), previousStart, at);
            (previous, previousStart) = (hash, start);
        }
        return terms;
    }

    /// <summary>Hashes of all character n-grams of sizes low to high within words into the scratch's terms; returns how many.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="low">At least 2.</param>
    /// <param name="high">At least <paramref name="low"/>, at most 8.</param>
    /// <param name="scratch">Receives the terms.</param>
    public static int Characters(ReadOnlySpan<byte> utf8, int low, int high, TextScratch scratch)
    {
        int length = Fold(utf8, scratch), terms = 0;
        TextScratch.Reserve(ref scratch.Words, length + 2);
        TextScratch.Reserve(ref scratch.Terms, (length * 2 + 2) * (high - low + 1));
        var word = scratch.Words;
        word[0] = ' ';
        for (int at = 0; at < length;)
        {
            int size = 1;
            for (; at < length && !IsBlank(scratch.Points[at]); at++) word[size++] = scratch.Points[at];
            at++;
            if (size == 1) continue;
            word[size++] = ' ';
            terms = CharactersOfWord(word.AsSpan(0, size), low, high, scratch.Terms, terms);
        }
        return terms;
    }

    /// <summary>A word shorter than an n-gram counts once, as a whole, under the first size that it does not fill.</summary>
    static int CharactersOfWord(ReadOnlySpan<int> word, int low, int high, ulong[] terms, int count)
    {
        if (word.Length < low)
        {
            terms[count++] = HashOf(word);
            return count;
        }
        for (int start = 0; start + low <= word.Length; start++)
        {
            ulong hash = HashOfOpen(word.Slice(start, low));
            terms[count++] = StableHash.Mix(hash);
            int most = Math.Min(high, word.Length - start);
            for (int size = low; size < most; size++)
            {
                hash = Extend(hash, word[start + size]);
                terms[count++] = StableHash.Mix(hash);
            }
        }
        return count;
    }

    /// <summary>The hash that a run of folded code points gets as a word or as a character n-gram.</summary>
    public static ulong HashOf(ReadOnlySpan<int> points) => StableHash.Mix(HashOfOpen(points));

    static ulong HashOfOpen(ReadOnlySpan<int> points)
    {
        ulong hash = Step;
        foreach (int point in points) hash = Extend(hash, point);
        return hash;
    }

    static ulong Extend(ulong hash, int point) => (hash ^ (uint)point) * Step + 1;

    static void Emit(TextScratch scratch, ref int terms, ulong hash, int start, int end)
    {
        scratch.Terms[terms] = hash;
        scratch.Places[terms++] = (start, end);
    }

    /// <summary>A letter, mark, digit or underscore.</summary>
    public static bool IsWord(int point)
    {
        if (point < 0x80)
            return (uint)((point | 0x20) - 'a') < 26 || (uint)(point - '0') < 10 || point == '_';
        return CharUnicodeInfo.GetUnicodeCategory(point) is <= UnicodeCategory.OtherNumber;
    }

    /// <summary>White space.</summary>
    public static bool IsBlank(int point)
        => point < 0x80 ? point is ' ' or (>= 9 and <= 13) or (>= 28 and <= 31) : Rune.IsWhiteSpace(new Rune(point));
}
