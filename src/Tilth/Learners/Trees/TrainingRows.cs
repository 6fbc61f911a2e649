using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// The rows of one fit, numbered by position: their bins by column (for partitions) and as row records of at most 28 bins
/// that carry the packed gradient (for histograms), so that one cache line holds all that a row adds.
/// </summary>
internal sealed unsafe class TrainingRows : IDisposable
{
    const int TileColumns = 28, Chunk = 8192;

    readonly BinnedMatrix matrix;
    readonly NativeBuffer? columns;
    readonly NativeBuffer records;
    readonly long columnLength;

    public TrainingRows(BinnedMatrix matrix, int[] rows, WorkerPool workers)
    {
        (this.matrix, Rows) = (matrix, rows);
        Tiles = TilesOf(matrix.Columns.Length, rows.Length, out long recordBytes);
        bool all = rows.Length == matrix.RowCount;
        columnLength = (rows.Length + 63L) & ~63L;
        if (!all)
        {
            columns = new NativeBuffer(columnLength * matrix.Columns.Length);
            workers.For(matrix.Columns.Length, column => matrix.Gather(column, rows, Bins(column)));
        }
        records = new NativeBuffer(recordBytes);
        workers.ForChunks(rows.Length, Chunk, (_, start, end) => FillRecords(start, end));
    }

    public void Dispose()
    {
        columns?.Dispose();
        records.Dispose();
    }

    /// <summary>The matrix row of each position.</summary>
    public int[] Rows { get; }

    public int Count => Rows.Length;

    public BinColumn[] Columns => matrix.Columns;

    public Tile[] Tiles { get; }

    /// <summary>The bins of a column by position.</summary>
    public byte* Bins(int column) => columns is null ? matrix.Bins(column) : columns.Pointer + column * columnLength;

    public byte* Records(in Tile tile) => records.Pointer + tile.Offset;

    /// <summary>Writes the packed gradients of positions start to end - 1 into every tile.</summary>
    public void SetGradients(int start, int end, ReadOnlySpan<int> packed)
    {
        foreach (var tile in Tiles)
        {
            byte* record = Records(tile) + (long)start * tile.Stride;
            for (int i = 0; i < end - start; i++, record += tile.Stride) *(int*)record = packed[i];
        }
    }

    static Tile[] TilesOf(int columnCount, int rows, out long bytes)
    {
        int count = (columnCount + TileColumns - 1) / TileColumns;
        var tiles = new Tile[count];
        bytes = 0;
        for (int t = 0; t < count; t++)
        {
            int first = (int)((long)columnCount * t / count), end = (int)((long)columnCount * (t + 1) / count);
            int padded = (end - first + 3) & ~3, stride = 8;
            while (stride < padded + sizeof(int)) stride *= 2;
            tiles[t] = new Tile(first, end - first, padded, stride, bytes);
            bytes += ((long)stride * rows + 63) & ~63L;
        }
        return tiles;
    }

    void FillRecords(int start, int end)
    {
        foreach (var tile in Tiles)
            for (int c = 0; c < tile.Columns; c++)
            {
                byte* source = Bins(tile.First + c), record = Records(tile) + (long)start * tile.Stride + sizeof(int) + c;
                for (int i = start; i < end; i++, record += tile.Stride) *record = source[i];
            }
    }

    /// <summary>Neighbouring columns whose bins share a record.</summary>
    /// <param name="First">The first column.</param>
    /// <param name="Columns">How many there are.</param>
    /// <param name="Padded">Their number as a multiple of 4; the rest is bin 0.</param>
    /// <param name="Stride">Bytes from record to record; a power of two, so that no record crosses a cache line.</param>
    /// <param name="Offset">Where the tile starts.</param>
    public readonly record struct Tile(int First, int Columns, int Padded, int Stride, long Offset);
}
