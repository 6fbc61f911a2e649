using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>How many registers and sparse segments a preparation uses.</summary>
internal readonly record struct FrameLayout(int Numbers, int Codes, int Texts, int SparseSegments);

/// <summary>
/// Working memory for up to <see cref="Capacity"/> rows: registers of numbers (NaN = missing), of category codes (-1 =
/// missing) and of texts, and one list of sparse entries a segment. With a capacity of 1 the registers are one short vector,
/// which is what makes a single row cheap. Reused between calls; one thread at a time.
/// </summary>
internal sealed class PreparationFrame
{
    readonly double[] numbers;
    readonly int[] codes;
    readonly TextRegister[] texts;

    public PreparationFrame(FrameLayout layout, int capacity)
    {
        Capacity = capacity;
        numbers = new double[layout.Numbers * capacity];
        codes = new int[layout.Codes * capacity];
        texts = new TextRegister[layout.Texts];
        Sparse = new SparseBuilder[layout.SparseSegments];
        for (int i = 0; i < Sparse.Length; i++) Sparse[i] = new SparseBuilder(capacity);
        Row = new SparseBuilder(1);
    }

    public int Capacity { get; }

    /// <summary>Rows in use, at most <see cref="Capacity"/>.</summary>
    public int Rows { get; set; }

    /// <summary>The entries of each sparse segment, row by row; columns count from the segment's start.</summary>
    public SparseBuilder[] Sparse { get; }

    /// <summary>What text steps work in.</summary>
    public TextScratch Scratch { get; } = new();

    /// <summary>The sparse features of a frame of one row, all segments joined.</summary>
    public SparseBuilder Row { get; }

    public Span<double> Numbers(int register) => numbers.AsSpan(register * Capacity, Rows);

    public Span<int> Codes(int register) => codes.AsSpan(register * Capacity, Rows);

    public ref TextRegister Text(int register) => ref texts[register];
}

/// <summary>Where the texts of a frame's rows lie: in a text column from some row on, or (a frame of one row) in a buffer.</summary>
internal struct TextRegister
{
    public TextColumn? Column;
    public int Start;
    public byte[] Buffer;
    public int Length; // -1 = missing; only without a column

    public readonly bool IsMissing(int row) => Column is null ? Length < 0 : Column.IsMissing(Start + row);

    public readonly ReadOnlySpan<byte> Get(int row)
        => Column is null ? Buffer.AsSpan(0, Math.Max(Length, 0)) : Column.GetUtf8(Start + row);
}

/// <summary>Collects sparse rows one after the other; within a row columns ascend.</summary>
internal sealed class SparseBuilder(int capacity)
{
    readonly int[] ends = new int[capacity];
    int[] columns = new int[64];
    float[] values = new float[64];
    int used, rows;

    public void Clear() => used = rows = 0;

    public void Add(int column, float value)
    {
        if (used == columns.Length)
        {
            Array.Resize(ref columns, used * 2);
            Array.Resize(ref values, used * 2);
        }
        columns[used] = column;
        values[used++] = value;
    }

    public void EndRow() => ends[rows++] = used;

    /// <summary>Multiplies the values from entry <paramref name="first"/> on.</summary>
    public void Scale(int first, double factor)
    {
        foreach (ref float value in values.AsSpan(first, used - first)) value = (float)(value * factor);
    }

    public ReadOnlySpan<int> ColumnsOf(int row) => columns.AsSpan(Start(row)..ends[row]);

    public ReadOnlySpan<float> ValuesOf(int row) => values.AsSpan(Start(row)..ends[row]);

    public int Count => used;

    int Start(int row) => row == 0 ? 0 : ends[row - 1];
}
