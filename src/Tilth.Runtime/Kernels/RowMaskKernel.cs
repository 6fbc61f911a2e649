using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>
/// One row through small trees, two at a time, without a branch: one permutation lays the row's bins under the nodes, one
/// comparison answers all nodes, and a leaf is reached if the answers on its path are right (bit masks as in Lucchese et al.,
/// "QuickScorer", 2015). Needs AVX-512 VBMI; elsewhere <see cref="BinWalkKernel"/> adds the same integers.
/// </summary>
internal static unsafe class RowMaskKernel
{
    /// <summary>Most leaves of a tree.</summary>
    public const int MaxLeaves = 32;

    /// <summary>Most columns of bins.</summary>
    public const int MaxColumns = 128;

    /// <summary>Bytes of a pair of trees: columns and thresholds of 2 x 32 nodes, then paths, masks and values of each tree's leaves.</summary>
    public const int PairSize = 2 * 64 + 2 * 3 * 4 * MaxLeaves;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512Vbmi.IsSupported;

    /// <summary>The sum of the leaf values that the row reaches, modulo 2^32.</summary>
    /// <param name="bins">128 bytes.</param>
    /// <param name="pairs">Pairs of trees, <see cref="PairSize"/> bytes each.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Sum(sbyte* bins, byte* pairs, int count)
    {
        Vector512<sbyte> low = Vector512.Load(bins), high = Vector512.Load(bins + 64);
        var (first, second) = (Vector512<int>.Zero, Vector512<int>.Zero);
        for (byte* pair = pairs; count > 0; count--, pair += PairSize)
        {
            var asked = Avx512Vbmi.PermuteVar64x8x2(low, Vector512.Load((sbyte*)pair), high);
            ulong answers = Vector512.GreaterThan(asked, Vector512.Load((sbyte*)pair + 64)).ExtractMostSignificantBits();
            int* leaves = (int*)(pair + 128);
            Vector512<int> one = Vector512.Create((int)answers), two = Vector512.Create((int)(answers >> 32));
            first += Reached(one, leaves);
            second += Reached(one, leaves + 16);
            first += Reached(two, leaves + 3 * MaxLeaves);
            second += Reached(two, leaves + 3 * MaxLeaves + 16);
        }
        return Vector512.Sum(first + second);
    }

    /// <summary>The values of those of 16 leaves whose path's answers are right, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> Reached(Vector512<int> answers, int* leaves)
        => Vector512.ConditionalSelect(
            Vector512.Equals((answers ^ Vector512.Load(leaves)) & Vector512.Load(leaves + MaxLeaves), Vector512<int>.Zero),
            Vector512.Load(leaves + 2 * MaxLeaves), Vector512<int>.Zero);
}
