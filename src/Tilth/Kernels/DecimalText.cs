using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tilth.Kernels;

/// <summary>
/// Reads a decimal number from UTF-8 text, correctly rounded: digits are gathered in 64 bits and scaled by a 128-bit power of
/// five (Lemire, "Number parsing at a gigabyte per second", 2021, algorithm 1). More than 19 digits and far exponents, where that
/// argument does not hold, go to <see cref="double.Parse(ReadOnlySpan{byte}, NumberStyles, IFormatProvider?)"/>.
/// </summary>
/// <remarks>
/// A plain number is [+-] digits [point digits] [e [+-] digits], or an infinity in words. An integer with a leading zero is not
/// one: "01234" is a code, and its zero must not be lost.
/// </remarks>
internal static class DecimalText
{
    const int FarthestPower = 100;

    static readonly UInt128[] FivePowers = MakeFivePowers();

    static readonly double[] ExactPowers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>True if all of the text is a plain number; <paramref name="point"/> is '.' or ','.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, byte point, out double value)
    {
        value = double.NaN;
        int at = 0;
        bool negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+') (negative, at) = (text[0] == '-', 1);
        if (at == text.Length) return false;
        if (text[at] == '0' && at + 1 < text.Length && IsDigit(text[at + 1])) return false;

        ulong mantissa = 0;
        int digits = 0, significant = 0, fraction = 0;
        for (; at < text.Length && IsDigit(text[at]); at++, digits++) Take(text[at], ref mantissa, ref significant);
        if (at < text.Length && text[at] == point)
            for (at++; at < text.Length && IsDigit(text[at]); at++, digits++, fraction++) Take(text[at], ref mantissa, ref significant);
        if (digits == 0) return (at == 0 || text[at - 1] != point) && IsInfinity(text[at..], negative, out value);

        int exponent = 0;
        if (at < text.Length && !TryReadExponent(text[at..], out exponent)) return false;
        double magnitude = significant <= 19 && Scale(mantissa, exponent - fraction) is var scaled && !double.IsNaN(scaled)
            ? scaled : Fallback(text, point);
        value = negative && magnitude > 0 ? -magnitude : negative && magnitude == 0 ? -0.0 : magnitude;
        return true;
    }

    /// <summary>mantissa * 10^power, correctly rounded, or NaN where this cannot tell.</summary>
    public static double Scale(ulong mantissa, int power)
    {
        if (mantissa == 0) return 0;
        // Both factors are exact doubles, so that one rounding is the only one (Clinger, 1990).
        if (mantissa >> 53 == 0 && power is >= -22 and <= 22)
            return power < 0 ? mantissa / ExactPowers[-power] : mantissa * ExactPowers[power];
        return power is < -FarthestPower or > FarthestPower ? double.NaN : EiselLemire(mantissa, power);
    }

    static double EiselLemire(ulong mantissa, int power)
    {
        int zeros = BitOperations.LeadingZeroCount(mantissa);
        ulong w = mantissa << zeros;
        UInt128 five = FivePowers[power + FarthestPower];
        ulong upper = Math.BigMul(w, (ulong)(five >> 64), out ulong lower);
        if ((upper & 0x1FF) == 0x1FF)
        {
            ulong second = Math.BigMul(w, (ulong)five, out _);
            lower += second;
            if (second > lower) upper++;
        }
        if (lower == ulong.MaxValue && power is < -27 or > 55) return double.NaN;
        int top = (int)(upper >> 63);
        ulong bits = upper >> (top + 9);
        int exponent = ((217706 * power) >> 16) + 63 + top - zeros + 1023;
        // A tie between two doubles: to the even one.
        if (lower <= 1 && power is >= -4 and <= 23 && (bits & 3) == 1 && bits << (top + 9) == upper) bits &= ~1UL;
        bits = (bits + (bits & 1)) >> 1;
        if (bits >= 1UL << 53) (bits, exponent) = (1UL << 52, exponent + 1);
        return BitConverter.UInt64BitsToDouble((bits & ~(1UL << 52)) | ((ulong)exponent << 52));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsDigit(byte c) => (uint)(c - '0') <= 9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Take(byte digit, ref ulong mantissa, ref int significant)
    {
        mantissa = mantissa * 10 + (uint)(digit - '0');
        if (mantissa != 0) significant++;
    }

    static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if ((text[0] | 0x20) != 'e') return false;
        int at = 1;
        bool negative = false;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+') negative = text[at++] == '-';
        if (at == text.Length) return false;
        for (; at < text.Length; at++)
        {
            if (!IsDigit(text[at])) return false;
            if (exponent < 100_000) exponent = exponent * 10 + (text[at] - '0');
        }
        if (negative) exponent = -exponent;
        return true;
    }

    static bool IsInfinity(ReadOnlySpan<byte> word, bool negative, out double value)
    {
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return System.Text.Ascii.EqualsIgnoreCase(word, "inf"u8) || System.Text.Ascii.EqualsIgnoreCase(word, "infinity"u8);
    }

    static double Fallback(ReadOnlySpan<byte> text, byte point)
    {
        byte[] copy = text.ToArray();
        if (point != '.') copy.AsSpan().Replace(point, (byte)'.');
        return Math.Abs(double.Parse(copy, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    /// <summary>5^q for q from -100 to 100, scaled to 128 bits with the top bit set; rounded up where q is negative.</summary>
    static UInt128[] MakeFivePowers()
    {
        var powers = new UInt128[2 * FarthestPower + 1];
        for (int q = -FarthestPower; q <= FarthestPower; q++)
        {
            var five = BigInteger.Pow(5, Math.Abs(q));
            int length = (int)five.GetBitLength();
            BigInteger scaled;
            if (q >= 0) scaled = length <= 128 ? five << (128 - length) : five >> (length - 128);
            else
            {
                int z = five.IsPowerOfTwo ? length - 1 : length;
                scaled = (BigInteger.One << (q >= -27 ? z + 127 : 2 * z + 128)) / five + 1;
                scaled >>= Math.Max(0, (int)scaled.GetBitLength() - 128);
            }
            powers[q + FarthestPower] = (UInt128)scaled;
        }
        return powers;
    }
}
