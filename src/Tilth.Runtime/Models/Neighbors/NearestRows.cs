using Tilth.Kernels;

namespace Tilth.Models.Neighbors;

/// <summary>Rows of numbers in blocks of sixteen, searched from end to end for those nearest to a point.</summary>
/// <param name="blocks">Block by block, coordinate by coordinate, sixteen rows; rows beyond the last are 0.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="width">Numbers a row.</param>
internal sealed class NearestRows(float[] blocks, int rows, int width)
{
    public int Rows => rows;

    public int Width => width;

    public float[] Blocks => blocks;

    public static long SizeOf(int rows, int width) => ((long)rows + NeighborKernel.Lanes - 1) / NeighborKernel.Lanes * NeighborKernel.Lanes * width;

    /// <summary>Lays out columns of numbers.</summary>
    public static NearestRows Of(float[][] columns, int rows)
    {
        var blocks = new float[SizeOf(rows, columns.Length)];
        for (int j = 0; j < columns.Length; j++)
            for (int i = 0; i < rows; i++) blocks[At(i, j, columns.Length)] = columns[j][i];
        return new(blocks, rows, columns.Length);
    }

    /// <summary>Copies a row.</summary>
    public void CopyRow(int row, Span<float> to)
    {
        for (int j = 0; j < width; j++) to[j] = blocks[At(row, j, width)];
    }

    /// <summary>
    /// The nearest rows, nearest first, the earlier first among equals. Fills the spans up to their length or the number of
    /// rows; returns how many.
    /// </summary>
    public int Find(ReadOnlySpan<float> point, Span<float> distances, Span<int> found)
    {
        Span<float> sixteen = stackalloc float[NeighborKernel.Lanes];
        int count = 0, most = Math.Min(found.Length, rows);
        for (int start = 0; start < rows; start += NeighborKernel.Lanes)
        {
            NeighborKernel.Distances(blocks.AsSpan(start * width, NeighborKernel.Lanes * width), point, sixteen);
            for (int lane = 0; lane < Math.Min(NeighborKernel.Lanes, rows - start); lane++)
            {
                float distance = sixteen[lane];
                if (count == most && !(distance < distances[most - 1])) continue;
                if (count < most) count++;
                int at = count - 1;
                for (; at > 0 && distance < distances[at - 1]; at--) (distances[at], found[at]) = (distances[at - 1], found[at - 1]);
                (distances[at], found[at]) = (distance, start + lane);
            }
        }
        return count;
    }

    static int At(int row, int column, int width)
        => row / NeighborKernel.Lanes * NeighborKernel.Lanes * width + column * NeighborKernel.Lanes + row % NeighborKernel.Lanes;
}
