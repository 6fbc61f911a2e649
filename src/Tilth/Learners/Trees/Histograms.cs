using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Makes and keeps the histograms of open leaves: for every bin of every column the exact 64-bit sums of packed gradients
/// and hessians, two numbers a bin. Rows are cut into parts that free threads claim; each thread adds to sums of its own (a
/// lane), in whatever order, as integers do not mind. The lanes are added column by column, where the column is then used.
/// </summary>
internal sealed unsafe class Histograms : IDisposable
{
    /// <summary>A part is at least that many rows, and a thread has some parts, so that none waits long for the last.</summary>
    const int SmallestPart = 1024, PartsOfThread = 4;

    readonly TrainingRows rows;
    readonly WorkerPool workers;
    readonly int[] offsets, tileOf;
    readonly int lanes;
    readonly NativeBuffer cells, laneSums;
    readonly bool[] laneUsed;
    readonly List<NativeBuffer> all = [];
    readonly Stack<nint> free = new();

    public Histograms(TrainingRows rows, WorkerPool workers)
    {
        (this.rows, this.workers) = (rows, workers);
        offsets = new int[rows.Columns.Length + 1];
        for (int c = 0; c < rows.Columns.Length; c++) offsets[c + 1] = offsets[c] + 2 * rows.Columns[c].Bins;
        tileOf = new int[rows.Columns.Length];
        for (int t = 0; t < rows.Tiles.Length; t++)
            for (int s = 0; s < rows.Tiles[t].Slots; s++)
                foreach (int column in rows.Slots[rows.Tiles[t].First + s].Columns) tileOf[column] = t;
        lanes = workers.Threads;
        laneUsed = new bool[lanes * rows.Tiles.Length];
        cells = new NativeBuffer(CellBytes * lanes);
        laneSums = new NativeBuffer((lanes - 1) * (long)Length * sizeof(long));
    }

    public void Dispose()
    {
        cells.Dispose();
        laneSums.Dispose();
        foreach (var histogram in all) histogram.Dispose();
    }

    /// <summary>Bins of all columns.</summary>
    public int Bins => Length / 2;

    /// <summary>Numbers in a histogram.</summary>
    int Length => offsets[^1];

    static long CellBytes => 32 * HistogramKernel.Stride * sizeof(long);

    /// <summary>The sums of one column within a histogram: gradient, hessian, bin by bin.</summary>
    public long* Column(long* histogram, int column) => histogram + offsets[column];

    /// <summary>The histogram of the listed positions, or of all from 0 on if there is no list.</summary>
    /// <param name="positions">Ascending, or null.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="gradients">For a root: what is written into the records just before they are read; else null.</param>
    public long* Build(int* positions, int count, GradientPack? gradients = null)
    {
        long* histogram = Start(positions, count, gradients);
        for (int column = 0; column < rows.Columns.Length; column++) Finish(histogram, column);
        return histogram;
    }

    /// <summary>The same, but its columns must be finished, one by one, before the next histogram is started.</summary>
    public long* Start(int* positions, int count, GradientPack? gradients)
    {
        long* histogram = Take();
        laneUsed.AsSpan().Clear();
        var (sums, list) = ((nint)histogram, (nint)positions);
        int tiles = rows.Tiles.Length, parts = lanes == 1 ? 1 : Math.Clamp(count / SmallestPart, 1, PartsOfThread * lanes), claimed = -1;
        workers.For(Math.Min(parts * tiles, lanes), lane =>
        {
            for (int item; (item = Interlocked.Increment(ref claimed)) < parts * tiles;)
            {
                int tile = item / parts, part = item % parts;
                int start = (int)((long)count * part / parts), end = (int)((long)count * (part + 1) / parts);
                AddPart((int*)list, start, end, tile, lane, gradients, lane == 0 ? (long*)sums : LaneSums(lane));
            }
        });
        return histogram;
    }

    /// <summary>Adds up what the threads have of a column.</summary>
    public void Finish(long* histogram, int column)
    {
        int tile = tileOf[column], length = offsets[column + 1] - offsets[column];
        long* sums = histogram + offsets[column];
        if (!laneUsed[tile]) new Span<long>(sums, length).Clear();
        for (int lane = 1; lane < lanes; lane++)
            if (laneUsed[lane * rows.Tiles.Length + tile]) HistogramKernel.Add(sums, LaneSums(lane) + offsets[column], length);
    }

    /// <summary>parent - smaller in the parent's place; the smaller one stays.</summary>
    public long* Subtract(long* parent, long* smaller)
    {
        HistogramKernel.Subtract(parent, smaller, Length);
        return parent;
    }

    /// <summary>The same for one column.</summary>
    public void Subtract(long* parent, long* smaller, int column)
        => HistogramKernel.Subtract(parent + offsets[column], smaller + offsets[column], offsets[column + 1] - offsets[column]);

    /// <summary>Gives a histogram back.</summary>
    public void Return(long* histogram)
    {
        if (histogram is not null) free.Push((nint)histogram);
    }

    void AddPart(int* positions, int start, int end, int tileAt, int lane, GradientPack? gradients, long* sums)
    {
        var tile = rows.Tiles[tileAt];
        byte* records = rows.Records(tile);
        long* own = (long*)(cells.Pointer + CellBytes * lane);
        ref bool used = ref laneUsed[lane * rows.Tiles.Length + tileAt];
        for (int from = start; from < end; from += HistogramKernel.MaxRows)
        {
            int to = Math.Min(from + HistogramKernel.MaxRows, end), block = gradients is null ? to - from : GradientPack.Block;
            for (int at = from; at < to; at += block)
            {
                int count = Math.Min(block, to - at);
                if (gradients is not null && positions is null) gradients.Write(rows, tile, at, at + count);
                else if (gradients is not null) gradients.Write(rows, tile, positions[at], positions[at + count - 1] + 1);
                if (positions is null) HistogramKernel.AddRange(records, tile.Stride, tile.Slots, at, count, own);
                else HistogramKernel.AddListed(records, tile.Stride, tile.Slots, positions + at, count, own);
            }
            for (int s = 0; s < tile.Slots; s++) Flush(rows.Slots[tile.First + s], own + s * HistogramKernel.Stride, sums, !used);
            used = true;
        }
    }

    /// <summary>Moves a slot's cells to the sums of its columns, which are set, or added to.</summary>
    void Flush(in RecordSlot slot, long* cells, long* sums, bool set)
    {
        if (slot.Columns.Length == 1)
        {
            HistogramKernel.Flush(cells, slot.Cells, sums + offsets[slot.Columns[0]], set);
            return;
        }
        int step = 1;
        foreach (int column in slot.Columns)
        {
            int bins = rows.Columns[column].Bins;
            HistogramKernel.AddJoint(cells, slot.Cells, step, bins, sums + offsets[column], set);
            step *= bins;
        }
        new Span<long>(cells, slot.Cells).Clear();
    }

    long* LaneSums(int lane) => (long*)laneSums.Pointer + (lane - 1) * (long)Length;

    long* Take()
    {
        if (free.TryPop(out nint pointer)) return (long*)pointer;
        all.Add(new NativeBuffer((long)Length * sizeof(long)));
        return (long*)all[^1].Pointer;
    }
}
