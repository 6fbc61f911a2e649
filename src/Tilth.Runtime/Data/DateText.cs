namespace Tilth.Data;

/// <summary>
/// Reads dates by a pattern in .NET's notation (d, M, MMM, yy, yyyy and literal separators; null is ISO 8601), followed by
/// an optional time of day ("14:30", "2:30:05.5 PM", "T143005Z"). An offset is taken off, so that moments compare.
/// One- and two-digit days and months are both accepted unless digits adjoin. Month names are English. Allocates nothing.
/// </summary>
internal static class DateText
{
    const string Iso = "yyyy-MM-dd";

    /// <summary>The moment in <paramref name="text"/>, which is trimmed, as ticks.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, string? pattern, out long ticks)
    {
        ticks = 0;
        if (text.Length is < 6 or > 64) return false;
        if (!TryReadDate(ref text, DatePartOf(pattern ?? Iso), out int year, out int month, out int day)) return false;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (!TryReadTime(text, out long time)) return false;
        ticks = new DateTime(year, month, day).Ticks + time;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    /// <summary>True if a pattern has a year, a month and a day.</summary>
    public static bool IsPattern(string pattern)
        => DatePartOf(pattern) is var part && part.Contains('y') && part.Contains('M') && part.Contains('d');

    static ReadOnlySpan<char> DatePartOf(string pattern)
    {
        var part = pattern.AsSpan();
        int time = part.IndexOfAny("Hhms");
        return time < 0 ? part : part[..time].TrimEnd(" T',");
    }

    static bool TryReadDate(ref ReadOnlySpan<char> text, ReadOnlySpan<char> pattern, out int year, out int month, out int day)
    {
        year = month = day = 0;
        int least = pattern.IndexOfAnyExcept("yMd") < 0 ? 2 : 1;
        while (pattern.Length > 0)
        {
            char token = pattern[0];
            int length = pattern.IndexOfAnyExcept(token) is var other && other < 0 ? pattern.Length : other;
            switch (token)
            {
                case 'y':
                    int wanted = length <= 2 ? 2 : 4;
                    if (!TryDigits(ref text, wanted, wanted, out year)) return false;
                    if (wanted == 2) year += year < 70 ? 2000 : 1900;
                    break;
                case 'M' when length >= 3:
                    if (!TryMonthName(ref text, out month)) return false;
                    break;
                case 'M':
                    if (!TryDigits(ref text, least, 2, out month)) return false;
                    break;
                case 'd' when length >= 3:
                    if (SkipLetters(ref text) < 3) return false;
                    break;
                case 'd':
                    if (!TryDigits(ref text, least, 2, out day)) return false;
                    break;
                case ' ':
                    if (text.Length == 0 || text[0] != ' ') return false;
                    text = text.TrimStart();
                    break;
                default:
                    if (text.Length < length || text[0] != token) return false;
                    text = text[length..];
                    break;
            }
            pattern = pattern[length..];
        }
        return true;
    }

    static bool TryReadTime(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text.Length == 0) return true;
        bool marked = text[0] == 'T';
        if (!marked && text[0] is not (' ' or ',')) return false;
        text = text[1..].TrimStart();
        int minute, second = 0;
        if (!TryDigits(ref text, 1, 2, out int hour)) return false;
        bool colons = text is [':', ..];
        if (colons) text = text[1..];
        else if (!marked) return false;
        if (!TryDigits(ref text, 2, 2, out minute)) return false;
        if (colons ? text is [':', ..] : text is [>= '0' and <= '9', ..])
        {
            if (colons) text = text[1..];
            if (!TryDigits(ref text, 2, 2, out second) || !TryFraction(ref text, ref ticks)) return false;
        }
        text = text.TrimStart();
        if (text.StartsWith("AM", StringComparison.OrdinalIgnoreCase) || text.StartsWith("PM", StringComparison.OrdinalIgnoreCase))
        {
            if (hour is < 1 or > 12) return false;
            hour = hour % 12 + (text[0] is 'P' or 'p' ? 12 : 0);
            text = text[2..].TrimStart();
        }
        if (hour > 23 || minute > 59 || second > 59) return false;
        ticks += new TimeSpan(hour, minute, second).Ticks;
        return TryOffset(text, ref ticks);
    }

    static bool TryFraction(ref ReadOnlySpan<char> text, ref long ticks)
    {
        if (text is not ['.' or ',', ..]) return true;
        text = text[1..];
        long unit = TimeSpan.TicksPerSecond;
        int read = 0;
        for (; text is [>= '0' and <= '9', ..]; text = text[1..], read++) ticks += (text[0] - '0') * (unit /= 10);
        return read > 0;
    }

    static bool TryOffset(ReadOnlySpan<char> text, ref long ticks)
    {
        if (text.Length == 0 || text is "Z" or "z" or "UTC") return true;
        if (text[0] is not ('+' or '-')) return false;
        int sign = text[0] == '+' ? -1 : 1, minutes = 0;
        text = text[1..];
        if (!TryDigits(ref text, 2, 2, out int hours)) return false;
        if (text is [':', ..]) text = text[1..];
        if (text.Length > 0 && !TryDigits(ref text, 2, 2, out minutes)) return false;
        ticks += sign * new TimeSpan(hours, minutes, 0).Ticks;
        return text.Length == 0;
    }

    static bool TryDigits(ref ReadOnlySpan<char> text, int least, int most, out int value)
    {
        value = 0;
        int read = 0;
        for (; read < most && read < text.Length && char.IsAsciiDigit(text[read]); read++) value = value * 10 + (text[read] - '0');
        text = text[read..];
        return read >= least;
    }

    static bool TryMonthName(ref ReadOnlySpan<char> text, out int month)
    {
        const string Names = "janfebmaraprmayjunjulaugsepoctnovdec";
        month = 0;
        if (text.Length < 3) return false;
        int at = Names.AsSpan().IndexOf(text[..3], StringComparison.OrdinalIgnoreCase);
        if (at < 0 || at % 3 != 0) return false;
        month = at / 3 + 1;
        SkipLetters(ref text);
        if (text is ['.', ..]) text = text[1..];
        return true;
    }

    static int SkipLetters(ref ReadOnlySpan<char> text)
    {
        int read = 0;
        while (read < text.Length && char.IsLetter(text[read])) read++;
        text = text[read..];
        return read;
    }
}
