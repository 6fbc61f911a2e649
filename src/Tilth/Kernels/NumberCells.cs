using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>
/// Reads one column of a block of delimited text as numbers. A cell of up to 16 characters that is only digits and at most one
/// point is loaded as one vector that ends where the cell ends; the point is squeezed out by a shuffle and the 16 digits are
/// folded pairwise into an integer below 2^53, so that one division by an exact power of ten rounds correctly. All others go to
/// <see cref="DecimalText"/>. Both ways give the same bits.
/// </summary>
internal static class NumberCells
{
    /// <summary>Bytes that must be readable before the first cell.</summary>
    public const int FrontPadding = 32;

    /// <summary>At offset n: 16 - n bytes of 0, then n of 255.</summary>
    static ReadOnlySpan<byte> Lanes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ];

    static readonly byte[] CloseGap = MakeCloseGap();

    static ReadOnlySpan<double> Powers => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>
    /// Reads cell r, which lies between <paramref name="cells"/>[r * stride] + 1 and cells[r * stride + 1] - 1, into values[r]: NaN
    /// where it is empty and, with r written to <paramref name="others"/>, where it is not a plain number.
    /// </summary>
    /// <returns>How many cells are not empty and not plain numbers.</returns>
    public static int Read(byte[] bytes, ReadOnlySpan<int> cells, int stride, byte point, Span<double> values, Span<int> others)
    {
        int rows = values.Length, otherCount = 0;
        if (rows == 0) return 0;
        _ = cells[(rows - 1) * stride + 1];
        _ = others[rows - 1];
        ref byte origin = ref MemoryMarshal.GetArrayDataReference(bytes);
        ref int cell = ref MemoryMarshal.GetReference(cells);
        for (int row = 0; row < rows; row++, cell = ref Unsafe.Add(ref cell, stride))
        {
            int start = cell + 1, end = Unsafe.Add(ref cell, 1);
            if (TryReadShort(ref origin, start, end, point, out double value)) values[row] = value;
            else if (end <= start) values[row] = double.NaN;
            else if (DecimalText.TryRead(bytes.AsSpan(start, end - start).Trim((byte)' '), point, out value)) values[row] = value;
            else
            {
                values[row] = double.NaN;
                others[otherCount++] = row;
            }
        }
        return otherCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryReadShort(ref byte origin, int start, int end, byte point, out double value)
    {
        Unsafe.SkipInit(out value);
        ref byte first = ref Unsafe.Add(ref origin, start);
        ulong negative = first == (byte)'-' ? 1UL : 0UL;
        first = ref Unsafe.Add(ref first, (nint)negative);
        int length = end - start - (int)negative;
        if ((uint)(length - 1) >= 16) return false;
        if (first == (byte)'0' & (uint)(Unsafe.Add(ref first, 1) - '0') <= 9) return false;

        var digits = Vector128.LoadUnsafe(ref Unsafe.Add(ref origin, end - 16)) - Vector128.Create((byte)'0');
        var lanes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Lanes), (nuint)length);
        uint wrong = (Vector128.Equals(Vector128.Max(digits, Vector128.Create((byte)10)), digits) & lanes).ExtractMostSignificantBits();
        digits &= lanes;
        int fraction = 0;
        if (wrong != 0)
        {
            int at = BitOperations.TrailingZeroCount(wrong);
            if ((wrong & (wrong - 1)) != 0 || Unsafe.Add(ref origin, end - 16 + at) != point || length == 1) return false;
            digits = Vector128.Shuffle(digits, Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(CloseGap), (nuint)(at * 16)));
            fraction = 15 - at;
        }
        ulong mantissa = Fold(digits);
        if (mantissa >> 53 != 0) return false;
        double magnitude = mantissa / Unsafe.Add(ref MemoryMarshal.GetReference(Powers), fraction);
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(magnitude) | (negative << 63));
        return true;
    }

    /// <summary>Sixteen digits, the first in the lowest byte, to their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported) return Fold(digits.AsUInt64().ToScalar()) * 100_000_000 + Fold(digits.AsUInt64().GetElement(1));
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((short)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x00010064).AsInt16());
        var eights = Sse2.MultiplyAddAdjacent(Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x00012710).AsInt16());
        ulong both = eights.AsUInt64().ToScalar();
        return (both & uint.MaxValue) * 100_000_000 + (both >> 32);
    }

    /// <summary>Eight digits, the first in the lowest byte, to their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        return ((digits & 0x000000FF000000FF) * 0x000F424000000064 + ((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    }

    /// <summary>Row p is the shuffle that drops lane p and moves the lanes before it up by one; 255 gives 0.</summary>
    static byte[] MakeCloseGap()
    {
        var shuffles = new byte[256];
        for (int p = 0; p < 16; p++)
            for (int i = 0; i < 16; i++)
                shuffles[p * 16 + i] = (byte)(i > p ? i : i == 0 ? 255 : i - 1);
        return shuffles;
    }
}
