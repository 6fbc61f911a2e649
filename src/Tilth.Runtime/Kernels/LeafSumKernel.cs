using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>Adds leaf values to running sums: sums[i] += values[leaves[i]]. Integers, so that every form gives the same bits.</summary>
internal static unsafe class LeafSumKernel
{
    /// <summary>Values past the last leaf that a form may read.</summary>
    public const int Padding = 32;

    /// <summary>Adds for <paramref name="count"/> rows, a multiple of 16.</summary>
    /// <param name="leaves">Number of each row's leaf.</param>
    /// <param name="values">Values of <paramref name="leafCount"/> leaves, readable to a multiple of <see cref="Padding"/>.</param>
    /// <param name="leafCount">At most 256.</param>
    /// <param name="sums">One a row.</param>
    /// <param name="count">Rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(byte* leaves, int* values, int leafCount, int* sums, int count)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported && leafCount <= 32)
        {
            Vector512<int> low = Vector512.Load(values), high = Vector512.Load(values + 16);
            for (int i = 0; i < count; i += 16)
            {
                var at = Avx512F.ConvertToVector512Int32(Vector128.Load(leaves + i));
                (Vector512.Load(sums + i) + Avx512F.PermuteVar16x32x2(low, at, high)).Store(sums + i);
            }
        }
        else if (Avx2.IsSupported)
            for (int i = 0; i < count; i += 8)
            {
                var at = Avx2.ConvertToVector256Int32(leaves + i);
                (Vector256.Load(sums + i) + Avx2.GatherVector256(values, at, 4)).Store(sums + i);
            }
        else AddPortable(leaves, values, sums, count);
    }

    internal static void AddPortable(byte* leaves, int* values, int* sums, int count)
    {
        for (int i = 0; i < count; i++) sums[i] += values[leaves[i]];
    }
}
