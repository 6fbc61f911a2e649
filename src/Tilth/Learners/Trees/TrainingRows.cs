using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// The rows of one fit, numbered by position: their bins by column (for partitions) and as row records of at most 28 slots
/// that carry the packed gradient (for histograms), so that one cache line holds all that a row adds.
/// </summary>
internal sealed unsafe class TrainingRows : IDisposable
{
    const int TileSlots = 28, Chunk = 8192;

    readonly BinnedMatrix matrix;
    readonly NativeBuffer? columns;
    readonly NativeBuffer records;
    readonly long columnLength;
    readonly bool isTwin;

    public TrainingRows(BinnedMatrix matrix, int[] rows, WorkerPool workers)
    {
        (this.matrix, Rows) = (matrix, rows);
        Slots = RecordSlot.Of(matrix.Columns, rows.Length);
        Tiles = TilesOf(Slots.Length, rows.Length, out long recordBytes);
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

    /// <summary>The same rows with records of their own, for gradients of their own.</summary>
    public TrainingRows(TrainingRows other)
    {
        (matrix, columns, columnLength, Rows, Slots, Tiles, isTwin) = (other.matrix, other.columns, other.columnLength, other.Rows, other.Slots, other.Tiles, true);
        records = new NativeBuffer(other.records.Length);
        Buffer.MemoryCopy(other.records.Pointer, records.Pointer, records.Length, records.Length);
    }

    public void Dispose()
    {
        if (!isTwin) columns?.Dispose();
        records.Dispose();
    }

    /// <summary>The matrix row of each position.</summary>
    public int[] Rows { get; }

    public int Count => Rows.Length;

    public BinColumn[] Columns => matrix.Columns;

    /// <summary>What the bytes of a row's records stand for, tile after tile.</summary>
    public RecordSlot[] Slots { get; }

    public Tile[] Tiles { get; }

    /// <summary>Bytes of the records.</summary>
    public long Bytes => records.Length;

    /// <summary>The bins of a column by position.</summary>
    public byte* Bins(int column) => columns is null ? matrix.Bins(column) : columns.Pointer + column * columnLength;

    public byte* Records(in Tile tile) => records.Pointer + tile.Offset;

    /// <summary>Writes packed gradients into a tile's records, from a position on.</summary>
    public void SetGradients(in Tile tile, int start, ReadOnlySpan<int> packed)
    {
        byte* record = Records(tile) + (long)start * tile.Stride;
        for (int i = 0; i < packed.Length; i++, record += tile.Stride) *(int*)record = packed[i];
    }

    static Tile[] TilesOf(int slots, int rows, out long bytes)
    {
        int count = (slots + TileSlots - 1) / TileSlots;
        var tiles = new Tile[count];
        bytes = 0;
        for (int t = 0; t < count; t++)
        {
            int first = (int)((long)slots * t / count), end = (int)((long)slots * (t + 1) / count), stride = 8;
            while (stride < end - first + sizeof(int)) stride *= 2;
            tiles[t] = new Tile(first, end - first, stride, bytes);
            bytes += ((long)stride * rows + 63) & ~63L;
        }
        return tiles;
    }

    void FillRecords(int start, int end)
    {
        foreach (var tile in Tiles)
            for (int s = 0; s < tile.Slots; s++)
            {
                int step = 1;
                foreach (int column in Slots[tile.First + s].Columns)
                {
                    byte* source = Bins(column), record = Records(tile) + (long)start * tile.Stride + sizeof(int) + s;
                    for (int i = start; i < end; i++, record += tile.Stride) *record += (byte)(source[i] * step);
                    step *= Columns[column].Bins;
                }
            }
    }

    /// <summary>Neighbouring slots that share a record.</summary>
    /// <param name="First">The first slot.</param>
    /// <param name="Slots">How many there are.</param>
    /// <param name="Stride">Bytes from record to record; a power of two, so that no record crosses a cache line.</param>
    /// <param name="Offset">Where the tile starts.</param>
    public readonly record struct Tile(int First, int Slots, int Stride, long Offset);
}
