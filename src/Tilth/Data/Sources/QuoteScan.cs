namespace Tilth.Data.Sources;

/// <summary>
/// Where quotes hide separators. A quote opens only as the first byte of a cell, so that 5" pipes need no care; inside, two
/// quotes are one; what follows the closing quote up to the delimiter is taken as it is.
/// </summary>
internal static class QuoteScan
{
    /// <summary>The stretches outside quotes, in order. The bytes begin at a row's start.</summary>
    public static IEnumerable<(int From, int To)> Outside(byte[] bytes, int start, int end, DelimitedFormat format)
    {
        int at = start;
        while (NextOpening(bytes.AsSpan(0, end), at, start, format) is var open && open >= 0)
        {
            if (open > at) yield return (at, open);
            int close = Close(bytes.AsSpan(0, end), open + 1, format.Quote);
            if (close < 0) yield break;
            at = close + 1;
        }
        if (at < end) yield return (at, end);
    }

    /// <summary>The byte after the last whole row, or <paramref name="start"/>; an open quote hides what follows it.</summary>
    public static int LastRowEnd(ReadOnlySpan<byte> bytes, int start, DelimitedFormat format)
    {
        if (!bytes[start..].Contains(format.Quote)) return start + bytes[start..].LastIndexOf(format.Newline) + 1;
        int at = start, rowEnd = start;
        while (true)
        {
            int open = NextOpening(bytes, at, start, format);
            int outside = open < 0 ? bytes.Length : open;
            int newline = bytes[at..outside].LastIndexOf(format.Newline);
            if (newline >= 0) rowEnd = at + newline + 1;
            if (open < 0) return rowEnd;
            int close = Close(bytes, open + 1, format.Quote);
            // A quote at the very end may be the first of two.
            if (close < 0 || close == bytes.Length - 1) return rowEnd;
            at = close + 1;
        }
    }

    /// <summary>The cell after its opening quote, without the closing one and with each doubled one single.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> inner, byte quote, ref byte[] scratch)
    {
        if (scratch.Length < inner.Length) scratch = new byte[Math.Max(256, inner.Length * 2)];
        int written = 0;
        while (true)
        {
            int at = inner.IndexOf(quote);
            if (at < 0) at = inner.Length;
            inner[..at].CopyTo(scratch.AsSpan(written));
            written += at;
            if (at + 1 < inner.Length && inner[at + 1] == quote)
            {
                scratch[written++] = quote;
                inner = inner[(at + 2)..];
                continue;
            }
            var rest = at < inner.Length ? inner[(at + 1)..] : default;
            rest.CopyTo(scratch.AsSpan(written));
            return scratch.AsSpan(0, written + rest.Length);
        }
    }

    static int NextOpening(ReadOnlySpan<byte> bytes, int at, int start, DelimitedFormat format)
    {
        while (true)
        {
            int found = bytes[at..].IndexOf(format.Quote);
            if (found < 0) return -1;
            at += found;
            if (at == start || bytes[at - 1] == format.Delimiter || bytes[at - 1] == format.Newline) return at;
            at++;
        }
    }

    static int Close(ReadOnlySpan<byte> bytes, int at, byte quote)
    {
        while (true)
        {
            int found = bytes[at..].IndexOf(quote);
            if (found < 0) return -1;
            at += found;
            if (at + 1 >= bytes.Length || bytes[at + 1] != quote) return at;
            at += 2;
        }
    }
}
