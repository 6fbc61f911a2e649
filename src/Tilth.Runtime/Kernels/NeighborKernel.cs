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
    public static void Distances(ReadOnlySpan<float> block, ReadOnlySpan<float> point, Span<float> distances) => Distances(block, point, point.Length, distances);

    /// <summary>The same where the coordinates from <paramref name="numbers"/> on are codes: two that differ are 2 apart, as their indicators are.</summary>
    public static void Distances(ReadOnlySpan<float> block, ReadOnlySpan<float> point, int numbers, Span<float> distances)
    {
        var sum = Vector512<float>.Zero;
        for (int j = 0; j < numbers; j++)
        {
            var apart = Load(block, j) - Vector512.Create(point[j]);
            sum = Vector512.FusedMultiplyAdd(apart, apart, sum);
        }
        for (int j = numbers; j < point.Length; j++)
            sum += Vector512.ConditionalSelect(Vector512.Equals(Load(block, j), Vector512.Create(point[j])), Vector512<float>.Zero, Vector512.Create(2f));
        sum.CopyTo(distances);
    }

    static Vector512<float> Load(ReadOnlySpan<float> block, int coordinate) => Vector512.LoadUnsafe(in MemoryMarshal.GetReference(block), (nuint)(coordinate * Lanes));
}
