using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Makes and keeps the histograms of open leaves: for every bin of every column the exact 64-bit sums of packed gradients
/// and hessians, two numbers a bin. Rows are cut into slices, one a worker, whose sums are added at the end.
/// </summary>
internal sealed unsafe class Histograms : IDisposable
{
    const int SmallestSlice = 4096;

    readonly TrainingRows rows;
    readonly WorkerPool workers;
    readonly int[] offsets;
    readonly int slices;
    readonly NativeBuffer cells, sliceSums;
    readonly List<NativeBuffer> all = [];
    readonly Stack<nint> free = new();

    public Histograms(TrainingRows rows, WorkerPool workers)
    {
        (this.rows, this.workers) = (rows, workers);
        offsets = new int[rows.Columns.Length + 1];
        for (int c = 0; c < rows.Columns.Length; c++) offsets[c + 1] = offsets[c] + 2 * rows.Columns[c].Bins;
        slices = workers.Threads == 1 ? 1 : 2 * workers.Threads;
        cells = new NativeBuffer(CellBytes * rows.Tiles.Length * slices);
        sliceSums = new NativeBuffer(slices > 1 ? (slices - 1) * (long)Length * sizeof(long) : 0);
    }

    public void Dispose()
    {
        cells.Dispose();
        sliceSums.Dispose();
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
    public long* Build(int* positions, int count)
    {
        long* histogram = Take();
        int tiles = rows.Tiles.Length, parts = Math.Clamp(count / SmallestSlice, 1, (slices + tiles - 1) / tiles);
        nint at = (nint)histogram, list = (nint)positions;
        if (parts * tiles == 1) BuildPart((int*)list, 0, count, 0, 0, histogram);
        else
        {
            workers.For(parts * tiles, item =>
            {
                int tile = item % tiles, part = item / tiles;
                int start = (int)((long)count * part / parts), end = (int)((long)count * (part + 1) / parts);
                BuildPart((int*)list, start, end, tile, part, part == 0 ? (long*)at : SliceSums(part));
            });
        }
        for (int part = 1; part < parts; part++) HistogramKernel.Add(histogram, SliceSums(part), Length);
        return histogram;
    }

    /// <summary>parent - smaller in the parent's place; the smaller one stays.</summary>
    public long* Subtract(long* parent, long* smaller)
    {
        HistogramKernel.Subtract(parent, smaller, Length);
        return parent;
    }

    /// <summary>Gives a histogram back.</summary>
    public void Return(long* histogram)
    {
        if (histogram is not null) free.Push((nint)histogram);
    }

    void BuildPart(int* positions, int start, int end, int tileIndex, int part, long* sums)
    {
        var tile = rows.Tiles[tileIndex];
        byte* records = rows.Records(tile);
        long* own = (long*)(cells.Pointer + CellBytes * (tileIndex + (long)part * rows.Tiles.Length));
        bool first = true;
        // Also for no rows: the sums are then set to 0.
        for (int from = start; from < end || first; from += HistogramKernel.MaxRows)
        {
            int count = Math.Min(HistogramKernel.MaxRows, end - from);
            if (positions is null) HistogramKernel.AddRange(records, tile.Stride, tile.Slots, from, count, own);
            else HistogramKernel.AddListed(records, tile.Stride, tile.Slots, positions + from, count, own);
            for (int s = 0; s < tile.Slots; s++) Flush(rows.Slots[tile.First + s], own + s * HistogramKernel.Stride, sums, first);
            first = false;
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

    long* SliceSums(int part) => (long*)sliceSums.Pointer + (part - 1) * (long)Length;

    long* Take()
    {
        if (free.TryPop(out nint pointer)) return (long*)pointer;
        all.Add(new NativeBuffer((long)Length * sizeof(long)));
        return (long*)all[^1].Pointer;
    }
}
