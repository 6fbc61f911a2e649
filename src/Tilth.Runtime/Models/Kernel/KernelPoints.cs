using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Kernel;

/// <summary>
/// Points that rows are compared with by the Gaussian kernel exp(-gamma d^2). d^2 is the squared distance of the numbers, each
/// brought within 5 of 0, plus 2 for each category that differs.
/// </summary>
/// <param name="blocks">Sixteen points at a time, coordinate by coordinate; points beyond the last are 0.</param>
/// <param name="count">Points.</param>
/// <param name="numbers">Coordinates that are numbers.</param>
/// <param name="categories">Coordinates that are codes; they stand last.</param>
/// <param name="gamma">Above 0.</param>
internal sealed class KernelPoints(float[] blocks, int count, int numbers, int categories, double gamma)
{
    /// <summary>Prepared numbers have standard deviation 1: what is further out than this counts as here.</summary>
    const float Furthest = 5;

    public int Count => count;

    public int Width => numbers + categories;

    public double Gamma => gamma;

    public ReadOnlySpan<float> Blocks => blocks;

    public static long SizeOf(int count, int width) => ((long)count + NeighborKernel.Lanes - 1) / NeighborKernel.Lanes * NeighborKernel.Lanes * width;

    /// <summary>Lays out points that stand one after the other.</summary>
    public static KernelPoints Of(ReadOnlySpan<float> points, int count, int numbers, int categories, double gamma)
    {
        int width = numbers + categories;
        var blocks = new float[SizeOf(count, width)];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < width; j++)
                blocks[i / NeighborKernel.Lanes * NeighborKernel.Lanes * width + j * NeighborKernel.Lanes + i % NeighborKernel.Lanes] = points[i * width + j];
        return new(blocks, count, numbers, categories, gamma);
    }

    /// <summary>A row as a point: a missing number is 0, the mean.</summary>
    public static void Place(FeatureRow row, Span<float> point)
    {
        int numbers = row.Dense.Length;
        for (int j = 0; j < numbers; j++) point[j] = float.IsNaN(row.Dense[j]) ? 0 : Math.Clamp(row.Dense[j], -Furthest, Furthest);
        for (int c = 0; c < row.Codes.Length; c++) point[numbers + c] = row.Codes[c];
    }

    /// <summary>The kernel of a point and up to sixteen of these.</summary>
    /// <returns>How many there are from <paramref name="start"/> on, at most sixteen.</returns>
    public int Compare(ReadOnlySpan<float> point, int start, Span<double> values)
    {
        Span<float> distances = stackalloc float[NeighborKernel.Lanes];
        NeighborKernel.Distances(blocks.AsSpan(start * Width, NeighborKernel.Lanes * Width), point, numbers, distances);
        int most = Math.Min(NeighborKernel.Lanes, count - start);
        for (int lane = 0; lane < most; lane++) values[lane] = Elementary.Exp(-gamma * distances[lane]);
        return most;
    }
}
