using Tilth.Data;
using Tilth.Fitting;

namespace Tilth.Prepare;

/// <summary>
/// A preparation while it is written: hands out registers, collects steps and features, and can run what is written so far
/// over the table. Out-of-fold values replace what a step gives for the rows that were learned from, right after that step,
/// so that every later step sees them.
/// </summary>
internal sealed class PreparationDraft(Table table, int[] rows, FitContext context)
{
    readonly List<PreparationInput> inputs = [];
    readonly List<PreparationStep> steps = [];
    readonly List<(int Step, int Register, double[] Values)> outOfFold = [];
    readonly List<NumberFeature> numbers = [];
    readonly List<(CategoryFeature Feature, int Register)> categories = [];
    readonly List<(Feature Feature, int Width, IReadOnlyList<string>? Terms, int Segment)> segments = [];
    int numberCount, codeCount, textCount, segmentCount;

    /// <summary>A number feature; one that is not finished still has to be filled and scaled as the learner needs.</summary>
    public sealed record NumberFeature(string Name, IReadOnlyList<string> Sources, int Register, bool Finished);

    public int[] Rows => rows;

    public FitContext Context => context;

    public IReadOnlyList<NumberFeature> Numbers => numbers;

    /// <summary>The register that a column is loaded into.</summary>
    public int Input(ColumnSchema column)
    {
        int register = column.Kind switch
        {
            ColumnKind.Category => codeCount++,
            ColumnKind.Text => textCount++,
            _ => numberCount++,
        };
        inputs.Add(new(column.Name, column.Kind, register));
        return register;
    }

    /// <summary>The first of some fresh number registers.</summary>
    public int NewNumbers(int count = 1) => (numberCount += count) - count;

    public int NewCode() => codeCount++;

    public int NewSegment() => segmentCount++;

    public void Add(PreparationStep step) => steps.Add(step);

    /// <summary>Replaces what the last step wrote into a register: one value a row of the table, NaN where it stays.</summary>
    public void ReplaceOutOfFold(int register, double[] values) => outOfFold.Add((steps.Count - 1, register, values));

    public void AddNumber(string name, IReadOnlyList<string> sources, int register, bool finished = false)
        => numbers.Add(new(name, sources, register, finished));

    public void ReplaceNumbers(IEnumerable<NumberFeature> finished)
    {
        var list = finished.ToList();
        numbers.Clear();
        numbers.AddRange(list);
    }

    public void AddCategory(string name, string source, int levelCount, int register)
        => categories.Add((new(new(name, [source]), levelCount), register));

    public void AddSegment(string name, string source, int width, IReadOnlyList<string>? terms, int segment)
        => segments.Add((new(name, [source]), width, terms, segment));

    /// <summary>The values of number registers in the rows that are learned from, as the steps so far give them.</summary>
    public double[][] Evaluate(IReadOnlyList<int> registers)
    {
        var values = registers.Select(_ => new double[rows.Length]).ToArray();
        var program = new Preparation(inputs, Layout, [.. steps], new FeatureMap([], [], []), [], []);
        program.Apply(table, context.Workers.For, (step, frame, start) =>
        {
            Replace(step, frame, start);
            if (step != steps.Count - 1) return;
            int from = LowerBound(start), to = LowerBound(start + frame.Rows);
            for (int r = 0; r < values.Length; r++)
            {
                var register = frame.Numbers(registers[r]);
                for (int i = from; i < to; i++) values[r][i] = register[rows[i] - start];
            }
        });
        return values;
    }

    public Preparation Build()
    {
        var sparse = new List<SparseSegment>();
        int start = 0;
        foreach (var (feature, width, terms, _) in segments)
        {
            sparse.Add(new(feature, start, width, terms));
            start += width;
        }
        var map = new FeatureMap([.. numbers.Select(n => new Feature(n.Name, n.Sources))], [.. categories.Select(c => c.Feature)], sparse);
        return new Preparation(inputs, Layout, [.. steps], map, [.. numbers.Select(n => n.Register)],
            [.. categories.Select(c => c.Register)], [.. segments.Select(s => s.Segment)]);
    }

    /// <summary>The features of all rows, with out-of-fold values for those that were learned from.</summary>
    public FeatureMatrix Features(Preparation preparation)
    {
        context.ThrowIfCancelled();
        return preparation.Apply(table, context.Workers.For, outOfFold.Count == 0 ? null : Replace);
    }

    FrameLayout Layout => new(numberCount, codeCount, textCount, segmentCount);

    void Replace(int step, PreparationFrame frame, int start)
    {
        foreach (var (at, register, values) in outOfFold)
        {
            if (at != step) continue;
            var numbers = frame.Numbers(register);
            for (int i = 0; i < numbers.Length; i++)
                if (!double.IsNaN(values[start + i])) numbers[i] = values[start + i];
        }
    }

    /// <summary>The first position whose row is at least <paramref name="row"/>.</summary>
    int LowerBound(int row)
    {
        int at = Array.BinarySearch(rows, row);
        return at < 0 ? ~at : at;
    }
}
