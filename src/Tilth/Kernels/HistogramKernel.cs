using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>
/// The innermost loop of tree learning: for each row, adds its packed gradient to one cell a column. A record is the packed
/// gradient (int32: gradient in the high half, hessian in the low half) and then one bin a column. A cell is an int64 with
/// the gradient sum in the high and the hessian sum in the low word; both fit as long as at most <see cref="MaxRows"/> rows
/// are added before the cells are flushed. Integer sums are exact: rows may come in any order.
/// Measured (docs of performance: 28 columns, 1 M rows): packed int64 cells beat separate doubles 1.6 times; gathers and
/// scatters do not beat plain loads and stores, so there is no vector form.
/// </summary>
internal static unsafe class HistogramKernel
{
    /// <summary>65,536 x (2^16 - 1) is below 2^32.</summary>
    public const int MaxRows = 65_536;

    /// <summary>Cells between columns. Not 256: columns 2,048 bytes apart share their low address bits, and loads then wait for stores of other columns.</summary>
    public const int Stride = 257;

    const int Ahead = 16;

    /// <summary>Adds rows first to first + count - 1; <paramref name="columns"/> is a multiple of 4, at most 28.</summary>
    public static void AddRange(byte* records, int stride, int columns, int first, int count, long* cells)
    {
        byte* start = records + (long)first * stride;
        switch (columns)
        {
            case 4: Range<W4>(start, stride, count, cells); break;
            case 8: Range<W8>(start, stride, count, cells); break;
            case 12: Range<W12>(start, stride, count, cells); break;
            case 16: Range<W16>(start, stride, count, cells); break;
            case 20: Range<W20>(start, stride, count, cells); break;
            case 24: Range<W24>(start, stride, count, cells); break;
            default: Range<W28>(start, stride, count, cells); break;
        }
    }

    /// <summary>Adds the listed rows.</summary>
    public static void AddListed(byte* records, int stride, int columns, int* rows, int count, long* cells)
    {
        switch (columns)
        {
            case 4: Listed<W4>(records, stride, rows, count, cells); break;
            case 8: Listed<W8>(records, stride, rows, count, cells); break;
            case 12: Listed<W12>(records, stride, rows, count, cells); break;
            case 16: Listed<W16>(records, stride, rows, count, cells); break;
            case 20: Listed<W20>(records, stride, rows, count, cells); break;
            case 24: Listed<W24>(records, stride, rows, count, cells); break;
            default: Listed<W28>(records, stride, rows, count, cells); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Range<T>(byte* record, int stride, int count, long* cells) where T : struct, IWidth
    {
        for (byte* end = record + (long)count * stride; record < end; record += stride) AddRecord<T>(record, cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Listed<T>(byte* records, int stride, int* rows, int count, long* cells) where T : struct, IWidth
    {
        int i = 0;
        if (Sse.IsSupported)
            for (; i < count - Ahead; i++)
            {
                Sse.Prefetch0(records + (long)rows[i + Ahead] * stride);
                AddRecord<T>(records + (long)rows[i] * stride, cells);
            }
        for (; i < count; i++) AddRecord<T>(records + (long)rows[i] * stride, cells);
    }

    /// <summary>One record, unrolled for its width: a loop over the columns costs a quarter more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddRecord<T>(byte* record, long* cells) where T : struct, IWidth
    {
        int packed = *(int*)record;
        long value = ((long)(packed >> 16) << 32) + (ushort)packed;
        AddFour(record + 4, cells, value);
        if (T.Columns > 4) AddFour(record + 8, cells + 4 * Stride, value);
        if (T.Columns > 8) AddFour(record + 12, cells + 8 * Stride, value);
        if (T.Columns > 12) AddFour(record + 16, cells + 12 * Stride, value);
        if (T.Columns > 16) AddFour(record + 20, cells + 16 * Stride, value);
        if (T.Columns > 20) AddFour(record + 24, cells + 20 * Stride, value);
        if (T.Columns > 24) AddFour(record + 28, cells + 24 * Stride, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddFour(byte* bin, long* cells, long value)
    {
        cells[bin[0]] += value;
        cells[bin[1] + Stride] += value;
        cells[bin[2] + 2 * Stride] += value;
        cells[bin[3] + 3 * Stride] += value;
    }

    /// <summary>Adds the cells of one column to its 64-bit (gradient, hessian) pairs and clears them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flush(long* cells, int bins, long* sums)
    {
        for (int b = 0; b < bins; b++)
        {
            long cell = cells[b];
            cells[b] = 0;
            sums[2 * b] += (cell - (uint)cell) >> 32;
            sums[2 * b + 1] += (uint)cell;
        }
    }

    /// <summary>larger = parent - smaller, in the parent's place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(long* parent, long* smaller, int count)
    {
        for (int i = 0; i < count; i++) parent[i] -= smaller[i];
    }

    /// <summary>A record's columns, known when the loop is compiled.</summary>
    interface IWidth
    {
        static abstract int Columns { get; }
    }

    readonly struct W4 : IWidth { public static int Columns => 4; }
    readonly struct W8 : IWidth { public static int Columns => 8; }
    readonly struct W12 : IWidth { public static int Columns => 12; }
    readonly struct W16 : IWidth { public static int Columns => 16; }
    readonly struct W20 : IWidth { public static int Columns => 20; }
    readonly struct W24 : IWidth { public static int Columns => 24; }
    readonly struct W28 : IWidth { public static int Columns => 28; }
}
