using System.Runtime.InteropServices;

namespace Tilth.Kernels;

/// <summary>
/// The right factor of products in the order in which <see cref="MatrixProduct"/> reads it: slices of <see cref="SliceDepth"/> rows,
/// in them tiles of <see cref="TileColumns"/> columns, row by row; missing columns are zero. Packed once, it serves any number of
/// products, from any number of threads.
/// </summary>
internal readonly unsafe struct PackedMatrix : IDisposable
{
    public const int SliceDepth = 384, TileColumns = 32;

    readonly float* data;
    readonly int paddedColumns;

    public PackedMatrix(MatrixProduct.View matrix)
    {
        (Depth, Columns) = (matrix.Rows, matrix.Columns);
        paddedColumns = (Columns + TileColumns - 1) / TileColumns * TileColumns;
        data = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, (long)Depth * paddedColumns * sizeof(float)), 64);
        for (int k = 0; k < Depth; k += SliceDepth) Pack(matrix, k, Math.Min(SliceDepth, Depth - k), Slice(k));
    }

    public int Depth { get; }

    public int Columns { get; }

    /// <summary>The slice that begins with that row.</summary>
    public float* Slice(int row) => data + (long)row * paddedColumns;

    static void Pack(MatrixProduct.View from, int first, int depth, float* to)
    {
        for (int j = 0; j < from.Columns; j += TileColumns, to += (long)depth * TileColumns)
        {
            int columns = Math.Min(TileColumns, from.Columns - j);
            float* corner = from.Data + (long)first * from.RowStep + (long)j * from.ColumnStep;
            if (columns < TileColumns) new Span<float>(to, depth * TileColumns).Clear();
            if (from.ColumnStep == 1)
                for (int k = 0; k < depth; k++) new ReadOnlySpan<float>(corner + (long)k * from.RowStep, columns).CopyTo(new Span<float>(to + k * TileColumns, columns));
            else
                for (int c = 0; c < columns; c++)
                    for (int k = 0; k < depth; k++) to[k * TileColumns + c] = corner[(long)c * from.ColumnStep + (long)k * from.RowStep];
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(data);
}
