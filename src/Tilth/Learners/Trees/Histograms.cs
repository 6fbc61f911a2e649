using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Makes and keeps the histograms of open leaves: for every bin of every column the exact 64-bit sums of packed gradients
/// and hessians, two numbers a bin. Rows are cut into slices, one a worker, whose sums are added at the end.
/// </summary>
internal sealed unsafe class Histograms : IDisposable
{
    const int SmallestSlice = 2048;

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

    /// <summary>Numbers in a histogram.</summary>
    int Length => offsets[^1];

    static long CellBytes => 32 * HistogramKernel.Stride * sizeof(long);

    /// <summary>The sums of one column within a histogram: gradient, hessian, bin by bin.</summary>
    public long* Column(long* histogram, int column) => histogram + offsets[column];

    /// <summary>The histogram of the listed positions, or of all from 0 on if there is no list.</summary>
    public long* Build(int* positions, int count)
    {
        long* histogram = Take();
        int parts = Math.Clamp(count / SmallestSlice, 1, slices), tiles = rows.Tiles.Length;
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
        for (int part = 1; part < parts; part++) AddAndClear(histogram, SliceSums(part));
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
        for (int from = start; from < end; from += HistogramKernel.MaxRows)
        {
            int count = Math.Min(HistogramKernel.MaxRows, end - from);
            if (positions is null) HistogramKernel.AddRange(records, tile.Stride, tile.Padded, from, count, own);
            else HistogramKernel.AddListed(records, tile.Stride, tile.Padded, positions + from, count, own);
            for (int c = 0; c < tile.Columns; c++)
                HistogramKernel.Flush(own + c * HistogramKernel.Stride, rows.Columns[tile.First + c].Bins, sums + offsets[tile.First + c]);
            // Padding columns only ever meet bin 0.
            for (int c = tile.Columns; c < tile.Padded; c++) own[c * HistogramKernel.Stride] = 0;
        }
    }

    long* SliceSums(int part) => (long*)sliceSums.Pointer + (part - 1) * (long)Length;

    void AddAndClear(long* histogram, long* sums)
    {
        for (int i = 0; i < Length; i++) histogram[i] += sums[i];
        new Span<long>(sums, Length).Clear();
    }

    long* Take()
    {
        if (free.TryPop(out nint pointer))
        {
            new Span<long>((long*)pointer, Length).Clear();
            return (long*)pointer;
        }
        all.Add(new NativeBuffer((long)Length * sizeof(long)));
        return (long*)all[^1].Pointer;
    }
}
