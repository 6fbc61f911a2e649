using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>
/// A fitted recipe from a table's columns to features: the very same object at training and at serving. It is a short
/// program over registers: inputs are loaded, steps run in order, and some registers are the features. Immutable, thread-safe.
/// </summary>
public sealed class Preparation
{
    const int BlockRows = 4096;

    readonly PreparationStep[] steps;
    readonly int[] denseRegisters, codeRegisters;

    /// <param name="inputs">The columns read; the position within its kind is the register that an input is loaded into.</param>
    /// <param name="layout">Sizes of the frame.</param>
    /// <param name="steps">In the order in which they run.</param>
    /// <param name="map">The features that come out.</param>
    /// <param name="denseRegisters">For each dense feature its number register.</param>
    /// <param name="codeRegisters">For each category feature its code register.</param>
    internal Preparation(IReadOnlyList<PreparationInput> inputs, FrameLayout layout, PreparationStep[] steps, FeatureMap map,
        int[] denseRegisters, int[] codeRegisters)
    {
        (Inputs, Layout, this.steps, Map) = (inputs, layout, steps, map);
        (this.denseRegisters, this.codeRegisters) = (denseRegisters, codeRegisters);
    }

    /// <summary>Names, sources and sizes of the features that come out.</summary>
    public FeatureMap Map { get; }

    internal IReadOnlyList<PreparationInput> Inputs { get; }

    internal FrameLayout Layout { get; }

    internal IReadOnlyList<PreparationStep> Steps => steps;

    internal PreparationFrame NewFrame(int capacity) => new(Layout, capacity);

    /// <summary>The features of every row of a table that conforms to the schema the preparation was fitted with.</summary>
    public FeatureMatrix Apply(Table table)
    {
        int rows = table.RowCount;
        var dense = denseRegisters.Select(_ => new float[rows]).ToArray();
        var codes = codeRegisters.Select(_ => new int[rows]).ToArray();
        var sparse = Map.SparseWidth == 0 ? null : new SparseAssembler(rows, Map);
        var frame = NewFrame(Math.Max(1, Math.Min(rows, BlockRows)));
        for (int start = 0; start < rows; start += BlockRows)
        {
            Load(frame, table, start, Math.Min(BlockRows, rows - start));
            Run(frame);
            for (int f = 0; f < dense.Length; f++) ToFloat(frame.Numbers(denseRegisters[f]), dense[f].AsSpan(start));
            for (int f = 0; f < codes.Length; f++) frame.Codes(codeRegisters[f]).CopyTo(codes[f].AsSpan(start));
            sparse?.Append(frame);
        }
        return new FeatureMatrix(Map, rows, dense, codes, sparse?.Build());
    }

    /// <summary>Runs the steps over the inputs that the frame holds.</summary>
    internal void Run(PreparationFrame frame)
    {
        foreach (var segment in frame.Sparse) segment.Clear();
        foreach (var step in steps) step.Apply(frame);
    }

    /// <summary>Copies the features of a frame of one row into the caller's buffers; sparse columns count over all segments.</summary>
    internal void CopyRow(PreparationFrame frame, Span<float> dense, Span<int> codes)
    {
        for (int f = 0; f < denseRegisters.Length; f++) dense[f] = (float)frame.Numbers(denseRegisters[f])[0];
        for (int f = 0; f < codeRegisters.Length; f++) codes[f] = frame.Codes(codeRegisters[f])[0];
    }

    /// <summary>Loads rows start to start + count - 1 of a conforming table into the frame's input registers.</summary>
    void Load(PreparationFrame frame, Table table, int start, int count)
    {
        frame.Rows = count;
        foreach (var input in Inputs) input.Load(frame, table[input.Column], start);
    }

    static void ToFloat(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = (float)from[i];
    }

    internal void Pack(PartWriter writer)
    {
        writer.Parts("inputs", Inputs, (w, input) => input.Pack(w));
        writer.Array<int>("layout", [Layout.Numbers, Layout.Codes, Layout.Texts, Layout.SparseSegments]);
        writer.Parts("steps", steps, (w, step) =>
        {
            w.Text("kind", step.PartKind);
            step.Pack(w);
        });
        writer.Array<int>("dense", denseRegisters);
        writer.Array<int>("codes", codeRegisters);
        writer.Part("map", Map.Pack);
    }
}

/// <summary>A column that a preparation reads, and the register that it is loaded into.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Kind">Number, DateTime and Boolean load into number registers (ticks; 1 or 0), Category into codes, Text into texts.</param>
/// <param name="Register">Number within its bank.</param>
internal sealed record PreparationInput(string Column, ColumnKind Kind, int Register)
{
    public void Load(PreparationFrame frame, Column column, int start)
    {
        switch (column)
        {
            case NumberColumn numbers:
                numbers.Values.Span.Slice(start, frame.Rows).CopyTo(frame.Numbers(Register));
                break;
            case DateTimeColumn moments:
                LoadTicks(moments.Ticks.Span.Slice(start, frame.Rows), frame.Numbers(Register));
                break;
            case BooleanColumn flags:
                LoadFlags(flags.Values.Span.Slice(start, frame.Rows), frame.Numbers(Register));
                break;
            case CategoryColumn categories:
                categories.Codes.Span.Slice(start, frame.Rows).CopyTo(frame.Codes(Register));
                break;
            case TextColumn texts:
                frame.Text(Register) = new TextRegister { Column = texts, Start = start, Buffer = [] };
                break;
        }
    }

    static void LoadTicks(ReadOnlySpan<long> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i] == DateTimeColumn.Missing ? double.NaN : from[i];
    }

    static void LoadFlags(ReadOnlySpan<sbyte> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i] < 0 ? double.NaN : from[i];
    }

    public void Pack(PartWriter writer)
    {
        writer.Text("column", Column);
        writer.Choice("kind", Kind);
        writer.Int("register", Register);
    }
}

/// <summary>Joins the segments of successive frames into compressed sparse rows.</summary>
internal sealed class SparseAssembler
{
    readonly FeatureMap map;
    readonly int[] starts;
    readonly List<int> columns = [];
    readonly List<float> values = [];
    int row;

    public SparseAssembler(int rows, FeatureMap map) => (this.map, starts) = (map, new int[rows + 1]);

    public void Append(PreparationFrame frame)
    {
        for (int r = 0; r < frame.Rows; r++)
        {
            for (int s = 0; s < frame.Sparse.Length; s++)
            {
                int offset = map.Sparse[s].Start;
                foreach (int column in frame.Sparse[s].ColumnsOf(r)) columns.Add(column + offset);
                values.AddRange(frame.Sparse[s].ValuesOf(r));
            }
            starts[++row] = columns.Count;
        }
    }

    public SparseRows Build() => new(starts, [.. columns], [.. values], map.SparseWidth);
}
