using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Squared distances of one point to sixteen others at a time. The sixteen lie side by side, coordinate by coordinate, so that
/// each distance is one chain of fused multiply-adds in the order of the coordinates: the same bits at any vector width.
/// </summary>
internal static class NeighborKernel
{
    /// <summary>Points in a block.</summary>
    public const int Lanes = 16;

    /// <param name="block">For each coordinate the values of 16 points.</param>
    /// <param name="point">The coordinates of the one point.</param>
    /// <param name="distances">16 squared distances.</param>
    public static void Distances(ReadOnlySpan<float> block, ReadOnlySpan<float> point, Span<float> distances)
    {
        var sum = Vector512<float>.Zero;
        for (int j = 0; j < point.Length; j++)
        {
            var apart = Vector512.LoadUnsafe(in MemoryMarshal.GetReference(block), (nuint)(j * Lanes)) - Vector512.Create(point[j]);
            sum = Vector512.FusedMultiplyAdd(apart, apart, sum);
        }
        sum.CopyTo(distances);
    }
}
