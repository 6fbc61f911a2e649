using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Finds the separators of delimited text: 64 bytes are compared with the delimiter and with the line end at once, and the bits
/// of the two masks become positions (as simdjson does; Langdale and Lemire, 2019).
/// </summary>
internal sealed class SeparatorScan
{
    /// <summary>Bytes that must be readable after the last one, and places to spare in the lists.</summary>
    public const int BackPadding = 64;

    /// <summary>Where each delimiter and line end stands, in order.</summary>
    public int[] Positions { get; private set; } = [];

    /// <summary>How many of <see cref="Positions"/> are used.</summary>
    public int Count { get; private set; }

    /// <summary>For each line end its index in <see cref="Positions"/>.</summary>
    public int[] LineEnds { get; private set; } = [];

    /// <summary>How many of <see cref="LineEnds"/> are used.</summary>
    public int Lines { get; private set; }

    /// <summary>Forgets what was found and makes room for that many bytes.</summary>
    public void Start(int bytes)
    {
        (Count, Lines) = (0, 0);
        if (Positions.Length >= bytes + BackPadding) return;
        Positions = GC.AllocateUninitializedArray<int>(bytes + BackPadding);
        LineEnds = GC.AllocateUninitializedArray<int>(bytes + BackPadding);
    }

    /// <summary>Adds the separators from <paramref name="from"/> to <paramref name="to"/> - 1.</summary>
    public void Add(byte[] bytes, int from, int to, byte delimiter, byte newline)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to + BackPadding, bytes.Length);
        ref byte origin = ref MemoryMarshal.GetArrayDataReference(bytes);
        ref int positions = ref MemoryMarshal.GetArrayDataReference(Positions);
        int count = Count, lines = Lines;
        for (int at = from; at < to; at += 64)
        {
            ref byte block = ref Unsafe.Add(ref origin, at);
            ulong ends = Mask(ref block, newline), both = Mask(ref block, delimiter) | ends;
            if (to - at < 64)
            {
                ulong valid = (1UL << (to - at)) - 1;
                (ends, both) = (ends & valid, both & valid);
            }
            for (; ends != 0; ends &= ends - 1)
                LineEnds[lines++] = count + BitOperations.PopCount(both & ((ends & (0 - ends)) - 1));
            int found = BitOperations.PopCount(both);
            // Eight places are written whether needed or not: a loop over the bits would mispredict its end each time.
            ref int place = ref Unsafe.Add(ref positions, count);
            for (int written = 0; written < found; written += 8, place = ref Unsafe.Add(ref place, 8))
            {
                place = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 1) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 2) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 3) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 4) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 5) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 6) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
                Unsafe.Add(ref place, 7) = at + BitOperations.TrailingZeroCount(both); both &= both - 1;
            }
            count += found;
        }
        (Count, Lines) = (count, lines);
    }

    /// <summary>Bit i is set where byte i of 64 has the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Mask(ref byte block, byte value)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create(value)).ExtractMostSignificantBits();
        if (Vector256.IsHardwareAccelerated)
            return Vector256.Equals(Vector256.LoadUnsafe(ref block), Vector256.Create(value)).ExtractMostSignificantBits()
                | (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), Vector256.Create(value)).ExtractMostSignificantBits() << 32;
        ulong mask = 0;
        for (int part = 0; part < 64; part += 16)
            mask |= (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref block, (nuint)part), Vector128.Create(value)).ExtractMostSignificantBits() << part;
        return mask;
    }
}
