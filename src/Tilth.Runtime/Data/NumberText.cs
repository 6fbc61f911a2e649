using System.Globalization;

namespace Tilth.Data;

/// <summary>
/// Reads numbers as people write them: "1,234.50", "1.234,50", "1 234", "$5", "-5 %", "(12)", "3.4e-5". Group separators
/// must stand before groups of three digits, so that "1,5" is never taken for 15. Allocates nothing.
/// </summary>
internal static class NumberText
{
    const int MostLetters = 64;
    const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The number in <paramref name="text"/>, which is trimmed; false if it is none in this format.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, ValueFormat format, out double value)
        => TryRead(text, format.DecimalComma, format.Affix, out value);

    /// <summary>As the other, with the parts of the format that matter.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, bool decimalComma, ReadOnlySpan<char> affix, out double value)
    {
        if (!decimalComma && double.TryParse(text, Plain, CultureInfo.InvariantCulture, out value) && !double.IsNaN(value)) return true;
        bool negative = false;
        if (text is ['(', .., ')'])
        {
            negative = true;
            text = text[1..^1].Trim();
        }
        if (TakeSign(ref text, out bool minus)) negative ^= minus;
        if (affix.Length > 0)
        {
            if (text.StartsWith(affix, StringComparison.OrdinalIgnoreCase)) text = text[affix.Length..].TrimStart();
            else if (text.EndsWith(affix, StringComparison.OrdinalIgnoreCase)) text = text[..^affix.Length].TrimEnd();
            if (TakeSign(ref text, out minus)) negative ^= minus;
        }
        if (!TryReadBody(text, decimalComma, out value)) return false;
        if (negative) value = -value;
        return true;
    }

    /// <summary>What stands before or after the digits, if it may be a currency or a unit; empty for a bare number.</summary>
    public static bool TryFindAffix(ReadOnlySpan<char> text, out ReadOnlySpan<char> affix)
    {
        affix = default;
        // The 2 of "m2" belongs to the unit.
        bool power = text is [.., var letter, '2' or '3'] && char.IsLetter(letter);
        int first = text.IndexOfAnyInRange('0', '9'), last = (power ? text[..^1] : text).LastIndexOfAnyInRange('0', '9');
        if (first < 0 || last < 0) return false;
        if (first > 0 && text[first - 1] is '.' or ',') first--;
        var before = text[..first].Trim(" +-\u2212(");
        var after = text[(last + 1)..].Trim(" )");
        if (before.Length > 0 && after.Length > 0) return false;
        affix = before.Length > 0 ? before : after;
        return affix.Length == 0 || (before.Length > 0 ? IsCurrency(before) : IsCurrency(after) || IsUnit(after));
    }

    static bool IsCurrency(ReadOnlySpan<char> text)
        => text is "$" or "€" or "£" or "¥" or "₹" or "₽" or "US$" or "A$" or "C$" or "R$" or "kr" or "Fr." or "zł" or "Kč"
            || (text.Length == 3 && text.ToString().ToUpperInvariant() is "USD" or "EUR" or "GBP" or "CHF" or "JPY" or "CNY" or "INR"
                or "AUD" or "CAD" or "SEK" or "NOK" or "DKK" or "PLN" or "CZK" or "HUF" or "BRL" or "MXN" or "ZAR" or "TRY");

    static bool IsUnit(ReadOnlySpan<char> text)
    {
        if (text is "%" or "‰" or "\"" or "'") return true;
        if (text.Length > 8) return false;
        foreach (char c in text[^1] is '2' or '3' ? text[..^1] : text)
            if (!char.IsLetter(c) && c is not ('°' or '/' or '²' or '³' or 'µ' or '.')) return false;
        return true;
    }

    static bool TakeSign(ref ReadOnlySpan<char> text, out bool minus)
    {
        minus = text is ['-' or '\u2212', ..];
        if (!minus && text is not ['+', ..]) return false;
        text = text[1..].TrimStart();
        return true;
    }

    /// <summary>Digits with separators, at most one decimal sign, and an exponent.</summary>
    static bool TryReadBody(ReadOnlySpan<char> body, bool decimalComma, out double value)
    {
        value = 0;
        if (body.Length is 0 or > MostLetters) return false;
        char point = decimalComma ? ',' : '.', group = decimalComma ? '.' : ',';
        Span<char> plain = stackalloc char[MostLetters];
        int used = 0, run = 0, digits = 0;
        char separator = '\0';
        bool fraction = false;
        for (int i = 0; i < body.Length; i++)
        {
            char c = body[i];
            if (char.IsAsciiDigit(c))
            {
                plain[used++] = c;
                digits++;
                run++;
            }
            else if (c == point && !fraction)
            {
                if (separator != '\0' && run != 3) return false;
                fraction = true;
                plain[used++] = '.';
            }
            else if (!fraction && (c == group || c is '\'' or '\u2019' or ' ' or '\u00A0' or '\u202F'))
            {
                if (separator == '\0' ? run is 0 or > 3 : c != separator || run != 3) return false;
                (separator, run) = (c, 0);
            }
            else if (c is 'e' or 'E' && digits > 0)
            {
                body[i..].CopyTo(plain[used..]);
                used += body.Length - i;
                break;
            }
            else
            {
                return false;
            }
        }
        if (separator != '\0' && !fraction && run != 3) return false;
        return digits > 0 && double.TryParse(plain[..used], Plain, CultureInfo.InvariantCulture, out value);
    }
}
