using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>
/// A fitted recipe from a table's columns to features: the very same object at training and at serving. It is a short
/// program over registers: inputs are loaded, steps run in order, and some registers are the features. Immutable, thread-safe.
/// </summary>
public sealed class Preparation
{
    // Registers of a block together: what fits in a core's cache.
    const int BlockNumbers = 1 << 17, MostBlockRows = 4096;

    readonly PreparationStep[] steps;
    readonly int[] denseRegisters, codeRegisters, sparseSegments;

    /// <param name="inputs">The columns read, each with the register of its kind that it is loaded into.</param>
    /// <param name="layout">Sizes of the frame.</param>
    /// <param name="steps">In the order in which they run.</param>
    /// <param name="map">The features that come out.</param>
    /// <param name="denseRegisters">For each dense feature its number register.</param>
    /// <param name="codeRegisters">For each category feature its code register.</param>
    /// <param name="sparseSegments">For each sparse segment of the map the frame's segment; null if they are the same.</param>
    /// <exception cref="PackageFormatException">The program reads what it has not written, or writes outside its layout.</exception>
    internal Preparation(IReadOnlyList<PreparationInput> inputs, FrameLayout layout, PreparationStep[] steps, FeatureMap map,
        int[] denseRegisters, int[] codeRegisters, int[]? sparseSegments = null)
    {
        (Inputs, Layout, this.steps, Map) = (inputs, layout, steps, map);
        (this.denseRegisters, this.codeRegisters) = (denseRegisters, codeRegisters);
        this.sparseSegments = sparseSegments ?? [.. Enumerable.Range(0, map.Sparse.Count)];
        CheckProgram();
    }

    /// <summary>Names, sources and sizes of the features that come out.</summary>
    public FeatureMap Map { get; }

    internal IReadOnlyList<PreparationInput> Inputs { get; }

    internal FrameLayout Layout { get; }

    internal IReadOnlyList<PreparationStep> Steps => steps;

    internal PreparationFrame NewFrame(int capacity) => new(Layout, capacity);

    /// <summary>The features of every row of a table that conforms to the schema the preparation was fitted with.</summary>
    /// <exception cref="SchemaException">A column is missing or of another kind.</exception>
    public FeatureMatrix Apply(Table table) => Apply(table, OneAfterTheOther, null);

    /// <summary>Like <see cref="Apply(Table)"/>, block by block on the caller's loop.</summary>
    /// <param name="table">Conforms to the schema.</param>
    /// <param name="loop">Runs a body for every number below a count, in any order, perhaps on several threads.</param>
    /// <param name="afterStep">Told of the loading (-1) and of each step done: its number, the frame, the block's first row. Fitting puts out-of-fold values in.</param>
    internal FeatureMatrix Apply(Table table, Action<int, Action<int>> loop, Action<int, PreparationFrame, int>? afterStep)
    {
        int rows = table.RowCount, blockRows = BlockRows;
        var dense = denseRegisters.Select(_ => new float[rows]).ToArray();
        var codes = codeRegisters.Select(_ => new int[rows]).ToArray();
        int blocks = (rows + blockRows - 1) / blockRows;
        var sparse = Map.SparseWidth == 0 ? null : new SparseAssembler(rows, blocks, Map, sparseSegments);
        var columns = ColumnsOf(table);
        var frames = new FramePool(this, Math.Max(1, Math.Min(rows, blockRows)));
        loop(blocks, block =>
        {
            int start = block * blockRows;
            var frame = frames.Rent();
            Load(frame, columns, start, Math.Min(blockRows, rows - start));
            Run(frame, afterStep, start);
            for (int f = 0; f < dense.Length; f++) ToFloat(frame.Numbers(denseRegisters[f]), dense[f].AsSpan(start));
            for (int f = 0; f < codes.Length; f++) frame.Codes(codeRegisters[f]).CopyTo(codes[f].AsSpan(start));
            sparse?.Put(block, frame, start);
            frames.Return(frame);
        });
        return new FeatureMatrix(Map, rows, dense, codes, sparse?.Build());
    }

    /// <summary>Rows of a block: fewer where there are many registers.</summary>
    internal int BlockRows => Math.Clamp(BlockNumbers / Math.Max(1, Layout.Numbers + Layout.Codes / 2), 1, MostBlockRows);

    /// <summary>Runs the steps over the inputs that the frame holds.</summary>
    internal void Run(PreparationFrame frame, Action<int, PreparationFrame, int>? afterStep = null, int start = 0)
    {
        foreach (var segment in frame.Sparse) segment.Clear();
        afterStep?.Invoke(-1, frame, start);
        for (int step = 0; step < steps.Length; step++)
        {
            steps[step].Apply(frame);
            afterStep?.Invoke(step, frame, start);
        }
    }

    /// <summary>Copies the dense features and codes of a frame of one row into the caller's buffers.</summary>
    internal void CopyRow(PreparationFrame frame, Span<float> dense, Span<int> codes)
    {
        for (int f = 0; f < denseRegisters.Length; f++) dense[f] = (float)frame.Numbers(denseRegisters[f])[0];
        for (int f = 0; f < codeRegisters.Length; f++) codes[f] = frame.Codes(codeRegisters[f])[0];
    }

    /// <summary>All features of a frame of one row; the sparse ones lie in the frame until it runs again.</summary>
    internal FeatureRow RowOf(PreparationFrame frame, Span<float> dense, Span<int> codes)
    {
        CopyRow(frame, dense, codes);
        frame.Row.Clear();
        for (int s = 0; s < sparseSegments.Length; s++)
        {
            var segment = frame.Sparse[sparseSegments[s]];
            var columns = segment.ColumnsOf(0);
            var values = segment.ValuesOf(0);
            for (int i = 0; i < columns.Length; i++) frame.Row.Add(columns[i] + Map.Sparse[s].Start, values[i]);
        }
        frame.Row.EndRow();
        return new FeatureRow(dense, codes, frame.Row.ColumnsOf(0), frame.Row.ValuesOf(0));
    }

    /// <summary>The columns of the inputs, in their order.</summary>
    internal Column[] ColumnsOf(Table table) => [.. Inputs.Select(input => input.ColumnOf(table))];

    /// <summary>Loads rows start to start + count - 1 of <see cref="ColumnsOf"/> into the frame's input registers.</summary>
    internal void Load(PreparationFrame frame, Column[] columns, int start, int count)
    {
        frame.Rows = count;
        for (int i = 0; i < columns.Length; i++) Inputs[i].Load(frame, columns[i], start);
    }

    static void OneAfterTheOther(int count, Action<int> body)
    {
        for (int i = 0; i < count; i++) body(i);
    }

    static void ToFloat(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = (float)from[i];
    }

    void CheckProgram()
    {
        var check = new RegisterCheck(Layout);
        foreach (var input in Inputs) input.Declare(check);
        foreach (var step in steps) step.Declare(check);
        check.RequireAllWritten();
        if (denseRegisters.Length != Map.Dense.Count || codeRegisters.Length != Map.Categories.Count || sparseSegments.Length != Map.Sparse.Count)
            throw RegisterCheck.Broken("its features and its registers differ in number");
        foreach (int register in denseRegisters) check.ReadNumber(register);
        for (int f = 0; f < codeRegisters.Length; f++)
            if (check.ReadCode(codeRegisters[f]) > Map.Categories[f].LevelCount)
                throw RegisterCheck.Broken($"the codes of '{Map.Categories[f].Feature.Name}' go beyond its {Map.Categories[f].LevelCount} levels");
        for (int s = 0; s < sparseSegments.Length; s++)
            if (check.ReadSparse(sparseSegments[s]) != Map.Sparse[s].Width)
                throw RegisterCheck.Broken($"the columns of '{Map.Sparse[s].Feature.Name}' are not {Map.Sparse[s].Width}");
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
        writer.Array<int>("sparse", sparseSegments);
        writer.Part("map", Map.Pack);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="PackageFormatException">It is damaged, or its program is not sound.</exception>
    internal static Preparation Unpack(PartReader reader)
    {
        const int most = StepKinds.Most;
        var inputs = Array.ConvertAll(reader.Parts("inputs", 0, most), PreparationInput.Unpack);
        var sizes = reader.Array<int>("layout", 4, 4);
        foreach (int size in sizes)
            if (size is < 0 or > most) throw reader.Wrong("layout", $"holds {size}, outside 0 to {most}");
        var steps = Array.ConvertAll(reader.Parts("steps", 0, most), StepKinds.Unpack);
        return new Preparation(inputs, new FrameLayout(sizes[0], sizes[1], sizes[2], sizes[3]), steps,
            FeatureMap.Unpack(reader.Part("map")), reader.Array<int>("dense", 0, most), reader.Array<int>("codes", 0, most),
            reader.Array<int>("sparse", 0, most));
    }
}
