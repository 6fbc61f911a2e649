using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Turns numbers into the count of cuts below them, by two comparisons with 16 cuts each. A bin is that count - 128, so that
/// signed bytes compare as the numbers do with the cuts; a missing number gives 127.
/// </summary>
internal static class CutKernel
{
    /// <summary>Cuts that a table can hold: bins 0 to 254 leave one for missing.</summary>
    public const int MaxCuts = 254;

    /// <summary>The bin of a missing number.</summary>
    public const sbyte Missing = 127;

    const int Fan = 16;

    /// <summary>A table for the other methods: 16 pivots, then the cuts padded with infinity to 256.</summary>
    /// <param name="cuts">Ascending, different, at most <see cref="MaxCuts"/>, no NaN.</param>
    public static float[] MakeTable(ReadOnlySpan<float> cuts)
    {
        var table = new float[Fan + Fan * Fan];
        Array.Fill(table, float.PositiveInfinity);
        cuts.CopyTo(table.AsSpan(Fan));
        for (int p = 0; p < Fan; p++) table[p] = table[Fan + Fan * p + Fan - 1];
        return table;
    }

    /// <summary>Writes the bins of numbers.</summary>
    /// <param name="values">NaN is missing.</param>
    /// <param name="table">See <see cref="MakeTable"/>.</param>
    /// <param name="bins">At least as long as the values.</param>
    public static void Bin(ReadOnlySpan<float> values, float[] table, Span<sbyte> bins)
    {
        if (table.Length != Fan + Fan * Fan || bins.Length < values.Length) throw new ArgumentException("a span is too short");
        if (Vector512.IsHardwareAccelerated) Bin512(values, table, bins);
        else for (int i = 0; i < values.Length; i++) bins[i] = Bin(values[i], table);
    }

    /// <summary>The bin of one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static sbyte Bin(float value, float[] table)
    {
        ref float pivots = ref MemoryMarshal.GetArrayDataReference(table);
        int bucket = CountBelow(ref pivots, value);
        return Encode(bucket * Fan + CountBelow(ref Unsafe.Add(ref pivots, Fan + Fan * bucket), value), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Bin512(ReadOnlySpan<float> values, float[] table, Span<sbyte> bins)
    {
        ref float first = ref MemoryMarshal.GetArrayDataReference(table);
        ref float cuts = ref Unsafe.Add(ref first, Fan);
        var pivots = Vector512.LoadUnsafe(ref first);
        for (int i = 0; i < values.Length; i++)
        {
            var x = Vector512.Create(values[i]);
            int bucket = BitOperations.PopCount(Vector512.LessThan(pivots, x).ExtractMostSignificantBits());
            int inside = BitOperations.PopCount(Vector512.LessThan(Vector512.LoadUnsafe(ref cuts, (nuint)(bucket * Fan)), x).ExtractMostSignificantBits());
            bins[i] = Encode(bucket * Fan + inside, values[i]);
        }
    }

    /// <summary>The count is 0 for NaN, to which no comparison is true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static sbyte Encode(int count, float value) => (sbyte)(count - 128 + 255 * Unsafe.BitCast<bool, byte>(float.IsNaN(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int CountBelow(ref float sixteen, float value)
    {
        if (Vector512.IsHardwareAccelerated)
            return BitOperations.PopCount(Vector512.LessThan(Vector512.LoadUnsafe(ref sixteen), Vector512.Create(value)).ExtractMostSignificantBits());
        if (Vector256.IsHardwareAccelerated)
        {
            var x = Vector256.Create(value);
            return BitOperations.PopCount(Vector256.LessThan(Vector256.LoadUnsafe(ref sixteen), x).ExtractMostSignificantBits()
                | Vector256.LessThan(Vector256.LoadUnsafe(ref sixteen, 8), x).ExtractMostSignificantBits() << 8);
        }
        int count = 0;
        for (int i = 0; i < Fan; i++) count += Unsafe.BitCast<bool, byte>(Unsafe.Add(ref sixteen, i) < value);
        return count;
    }

    /// <summary>Copies bins, with missing moved from above all others to below them.</summary>
    public static void MissingFirst(ReadOnlySpan<sbyte> bins, Span<sbyte> target)
    {
        if (target.Length < bins.Length) throw new ArgumentException("a span is too short");
        int i = 0;
        for (; i <= bins.Length - 16; i += 16)
        {
            var v = Vector128.Create(bins[i..]);
            Vector128.ConditionalSelect(Vector128.Equals(v, Vector128.Create(Missing)), Vector128.Create(sbyte.MinValue), v).CopyTo(target[i..]);
        }
        for (; i < bins.Length; i++) target[i] = bins[i] == Missing ? sbyte.MinValue : bins[i];
    }
}
