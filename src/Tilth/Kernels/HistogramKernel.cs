using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>
/// The innermost loop of tree learning: for each row, adds its packed gradient to one cell a slot. A record is the packed
/// gradient (int32: gradient in the high half, hessian in the low half) and then one bin a slot. A cell is an int64 with
/// the gradient sum in the high and the hessian sum in the low word; both fit as long as at most <see cref="MaxRows"/> rows
/// are added before the cells are flushed. Integer sums are exact: rows may come in any order.
/// Measured (docs of performance: 28 columns, 1 M rows): packed int64 cells beat separate doubles 1.6 times; gathers and
/// scatters do not beat plain loads and stores, so there is no vector form.
/// </summary>
internal static unsafe class HistogramKernel
{
    /// <summary>65,536 x (2^16 - 1) is below 2^32.</summary>
    public const int MaxRows = 65_536;

    /// <summary>Cells between slots. Not 256: slots 2,048 bytes apart share their low address bits, and loads then wait for stores of other slots.</summary>
    public const int Stride = 257;

    const int Ahead = 16;

    /// <summary>Adds rows first to first + count - 1; <paramref name="slots"/> is 1 to 28.</summary>
    public static void AddRange(byte* records, int stride, int slots, int first, int count, long* cells)
        => Add(new Task(records + (long)first * stride, stride, null, count, cells), slots);

    /// <summary>Adds the listed rows.</summary>
    public static void AddListed(byte* records, int stride, int slots, int* rows, int count, long* cells)
        => Add(new Task(records, stride, rows, count, cells), slots);

    static void Add(in Task task, int slots)
    {
        switch (slots >> 2)
        {
            case 0: Add<N0>(task, slots & 3); break;
            case 1: Add<N1>(task, slots & 3); break;
            case 2: Add<N2>(task, slots & 3); break;
            case 3: Add<N3>(task, slots & 3); break;
            case 4: Add<N4>(task, slots & 3); break;
            case 5: Add<N5>(task, slots & 3); break;
            case 6: Add<N6>(task, slots & 3); break;
            default: Add<N7>(task, slots & 3); break;
        }
    }

    static void Add<TFours>(in Task task, int rest) where TFours : struct, INumber
    {
        switch (rest)
        {
            case 0: Add<TFours, N0>(task); break;
            case 1: Add<TFours, N1>(task); break;
            case 2: Add<TFours, N2>(task); break;
            default: Add<TFours, N3>(task); break;
        }
    }

    static void Add<TFours, TRest>(in Task task) where TFours : struct, INumber where TRest : struct, INumber
    {
        if (task.Rows is null) Range<TFours, TRest>(task.Records, task.Stride, task.Count, task.Cells);
        else Listed<TFours, TRest>(task.Records, task.Stride, task.Rows, task.Count, task.Cells);
    }

    // Not inlined: within a larger method the compiler spills what these loops keep in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void Range<TFours, TRest>(byte* record, int stride, int count, long* cells) where TFours : struct, INumber where TRest : struct, INumber
    {
        for (byte* end = record + (long)count * stride; record < end; record += stride) AddRecord<TFours, TRest>(record, cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void Listed<TFours, TRest>(byte* records, int stride, int* rows, int count, long* cells) where TFours : struct, INumber where TRest : struct, INumber
    {
        int i = 0;
        if (Sse.IsSupported && count > Ahead)
        {
            // Two row numbers in one load, and before the cells of earlier rows are written: behind so many stores a load waits.
            long pair = *(long*)rows;
            for (; i < count - Ahead - 1; i += 2)
            {
                long ahead = *(long*)(rows + i + Ahead), next = *(long*)(rows + i + 2);
                Sse.Prefetch0(records + (uint)ahead * (long)stride);
                Sse.Prefetch0(records + (ahead >> 32) * stride);
                AddRecord<TFours, TRest>(records + (uint)pair * (long)stride, cells);
                AddRecord<TFours, TRest>(records + (pair >> 32) * stride, cells);
                pair = next;
            }
        }
        for (; i < count; i++) AddRecord<TFours, TRest>(records + (long)rows[i] * stride, cells);
    }

    /// <summary>One record, unrolled for its slots: a loop over them costs a quarter more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddRecord<TFours, TRest>(byte* record, long* cells) where TFours : struct, INumber where TRest : struct, INumber
    {
        int packed = *(int*)record;
        long value = ((long)(packed >> 16) << 32) + (ushort)packed;
        if (TFours.Value > 0) AddFour(record + 4, cells, value);
        if (TFours.Value > 1) AddFour(record + 8, cells + 4 * Stride, value);
        if (TFours.Value > 2) AddFour(record + 12, cells + 8 * Stride, value);
        if (TFours.Value > 3) AddFour(record + 16, cells + 12 * Stride, value);
        if (TFours.Value > 4) AddFour(record + 20, cells + 16 * Stride, value);
        if (TFours.Value > 5) AddFour(record + 24, cells + 20 * Stride, value);
        if (TFours.Value > 6) AddFour(record + 28, cells + 24 * Stride, value);
        if (TRest.Value > 0) cells[record[4 + 4 * TFours.Value] + 4 * TFours.Value * Stride] += value;
        if (TRest.Value > 1) cells[record[5 + 4 * TFours.Value] + (4 * TFours.Value + 1) * Stride] += value;
        if (TRest.Value > 2) cells[record[6 + 4 * TFours.Value] + (4 * TFours.Value + 2) * Stride] += value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddFour(byte* bin, long* cells, long value)
    {
        cells[bin[0]] += value;
        cells[bin[1] + Stride] += value;
        cells[bin[2] + 2 * Stride] += value;
        cells[bin[3] + 3 * Stride] += value;
    }

    /// <summary>Moves the cells of one column to its 64-bit (gradient, hessian) pairs, which are set or added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flush(long* cells, int bins, long* sums, bool set)
    {
        int b = 0;
        if (Avx2.IsSupported)
        {
            var (low, sign) = (Vector256.Create(0xFFFFFFFFL), Vector256.Create(0x80000000L));
            for (; b <= bins - 4; b += 4)
            {
                var cell = Vector256.Load(cells + b);
                Vector256<long>.Zero.Store(cells + b);
                var h = cell & low;
                // The high word as a signed number; there is no arithmetic shift of 64 bits in AVX2.
                var g = (((cell - h) >>> 32) ^ sign) - sign;
                var (even, odd) = (Avx2.UnpackLow(g, h), Avx2.UnpackHigh(g, h));
                var (first, second) = (Avx2.Permute2x128(even, odd, 0x20), Avx2.Permute2x128(even, odd, 0x31));
                if (!set) (first, second) = (first + Vector256.Load(sums + 2 * b), second + Vector256.Load(sums + 2 * b + 4));
                first.Store(sums + 2 * b);
                second.Store(sums + 2 * b + 4);
            }
        }
        for (; b < bins; b++)
        {
            long cell = cells[b];
            cells[b] = 0;
            if (set) (sums[2 * b], sums[2 * b + 1]) = (0, 0);
            sums[2 * b] += (cell - (uint)cell) >> 32;
            sums[2 * b + 1] += (uint)cell;
        }
    }

    /// <summary>Sums joint cells by one of their columns, whose bin is cell / step modulo bins; the cells stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddJoint(long* cells, int count, int step, int bins, long* sums, bool set)
    {
        if (set) new Span<long>(sums, 2 * bins).Clear();
        for (int at = 0; at < count;)
            for (int bin = 0; bin < bins; bin++)
            {
                long g = 0, h = 0;
                for (int end = at + step; at < end; at++)
                {
                    g += (cells[at] - (uint)cells[at]) >> 32;
                    h += (uint)cells[at];
                }
                sums[2 * bin] += g;
                sums[2 * bin + 1] += h;
            }
    }

    /// <summary>larger = parent - smaller, in the parent's place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(long* parent, long* smaller, int count)
    {
        int i = 0;
        for (; i <= count - 4; i += 4) (Vector256.Load(parent + i) - Vector256.Load(smaller + i)).Store(parent + i);
        for (; i < count; i++) parent[i] -= smaller[i];
    }

    /// <summary>sums += more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(long* sums, long* more, int count)
    {
        int i = 0;
        for (; i <= count - 4; i += 4) (Vector256.Load(sums + i) + Vector256.Load(more + i)).Store(sums + i);
        for (; i < count; i++) sums[i] += more[i];
    }

    /// <summary>The records of one call.</summary>
    readonly struct Task(byte* records, int stride, int* rows, int count, long* cells)
    {
        public readonly byte* Records = records;
        public readonly int Stride = stride;
        public readonly int* Rows = rows;
        public readonly int Count = count;
        public readonly long* Cells = cells;
    }

    /// <summary>A number that is known when the loop is compiled.</summary>
    interface INumber
    {
        static abstract int Value { get; }
    }

    readonly struct N0 : INumber { public static int Value => 0; }
    readonly struct N1 : INumber { public static int Value => 1; }
    readonly struct N2 : INumber { public static int Value => 2; }
    readonly struct N3 : INumber { public static int Value => 3; }
    readonly struct N4 : INumber { public static int Value => 4; }
    readonly struct N5 : INumber { public static int Value => 5; }
    readonly struct N6 : INumber { public static int Value => 6; }
    readonly struct N7 : INumber { public static int Value => 7; }
}
