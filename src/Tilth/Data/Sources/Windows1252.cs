using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Tilth.Data.Sources;

/// <summary>
/// Reads bytes that are not UTF-8 as Windows-1252 (which agrees with Latin-1 on all printable characters). It is done byte by
/// byte and only where the bytes cannot be UTF-8, so that it does not depend on where a file is cut into blocks.
/// </summary>
internal static class Windows1252
{
    /// <summary>0x80 to 0x9F; the five places without a character keep their control code (WHATWG Encoding Standard).</summary>
    const string HighControls = "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>Writes valid UTF-8, at most three times as long; the number of bytes written.</summary>
    public static int Mend(ReadOnlySpan<byte> source, Span<byte> output)
    {
        if (Utf8.IsValid(source))
        {
            source.CopyTo(output);
            return source.Length;
        }
        int written = 0;
        while (source.Length > 0)
        {
            bool good = Rune.DecodeFromUtf8(source, out var rune, out int used) == OperationStatus.Done;
            if (!good) (rune, used) = (new Rune(source[0] is >= 0x80 and < 0xA0 ? HighControls[source[0] - 0x80] : (char)source[0]), 1);
            written += rune.EncodeToUtf8(output[written..]);
            source = source[used..];
        }
        return written;
    }
}
