using System.Collections.Concurrent;
using System.Globalization;
using Tilth.Data;
using Tilth.Models.Heads;
using Tilth.Packaging;

namespace Tilth.Prediction;

/// <summary>
/// Predicts with a package: tables, rows without allocation, or dictionaries. Immutable and thread-safe; a table gives the
/// same bits as its rows one by one. Each thread takes a <see cref="PredictorRow"/> of its own for the span path.
/// </summary>
public sealed class Predictor
{
    readonly Dictionary<string, int> byName;
    readonly CellReader[] readers;
    readonly ConcurrentBag<PredictorRow> idle = [];
    readonly RowContributions? contributions;

    /// <summary>Predicts with an open package.</summary>
    public Predictor(ModelPackage package)
    {
        Package = package;
        contributions = RowContributions.Of(package.Node);
        Columns = [.. package.Schema.Columns];
        readers = [.. Columns.Select(column => new CellReader(column))];
        byName = new Dictionary<string, int>(Columns.Count, StringComparer.Ordinal);
        for (int c = 0; c < Columns.Count; c++) byName.Add(Columns[c].Name, c);
    }

    /// <summary>Opens a package file and predicts with it.</summary>
    /// <exception cref="PackageFormatException">There is no such file, or it is not a sound package; says what is wrong.</exception>
    public static Predictor Open(string path) => new(ModelPackage.Open(path));

    /// <summary>What predicts.</summary>
    public ModelPackage Package { get; }

    /// <summary>Every column of the schema; their numbers are those of the row's setters.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Numbers a row gives: 1 for binary (the positive class's probability) and regression, one a class for multiclass.</summary>
    public int OutputCount => Package.Node.OutputCount;

    /// <summary>The number of a column.</summary>
    /// <exception cref="SchemaException">There is none of that name; the message suggests the nearest.</exception>
    public int IndexOf(string column)
    {
        if (byName.TryGetValue(column, out int index)) return index;
        string? nearest = Spelling.Nearest(column, byName.Keys);
        throw new SchemaException("column-unknown", nearest is null ? $"the model knows no column '{column}'" : $"the model knows no column '{column}'; did you mean '{nearest}'?");
    }

    /// <summary>A row to set and predict; for one thread at a time.</summary>
    public PredictorRow NewRow() => new(this);

    /// <summary>Writes the calibrated predictions of a row; allocates nothing.</summary>
    /// <param name="row">Of this predictor.</param>
    /// <param name="outputs"><see cref="OutputCount"/> numbers.</param>
    public void Predict(PredictorRow row, Span<double> outputs)
    {
        if (row.Predictor != this) throw new ArgumentException("the row was made by another predictor");
        outputs = outputs[..OutputCount];
        row.Prepared.Begin();
        Package.Node.PredictRow(row.Prepared, outputs);
        Package.Head.Calibrator?.Apply(outputs);
    }

    /// <summary>The class that a row's predictions decide for, or -1 for numbers.</summary>
    public int Decide(ReadOnlySpan<double> outputs) => Package.Head.Rule.Decide(outputs[..OutputCount]);

    /// <summary>True if <see cref="Explain(PredictorRow, int)"/> can tell which columns moved a row's score.</summary>
    public bool CanExplain => contributions is not null;

    /// <summary>Which source columns moved the row's raw score away from its average, the largest first.</summary>
    /// <param name="row">Of this predictor.</param>
    /// <param name="output">The output to explain, below <see cref="OutputCount"/>.</param>
    /// <exception cref="NotSupportedException">The package's models have no attributions (<see cref="CanExplain"/>).</exception>
    public IReadOnlyList<Contribution> Explain(PredictorRow row, int output = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)output, (uint)OutputCount);
        if (row.Predictor != this) throw new ArgumentException("the row was made by another predictor");
        return contributions?.Explain(row.Prepared, output)
            ?? throw new NotSupportedException("the package's models cannot say which columns moved a row's score");
    }

    /// <summary>The same for each row of a table: of the decided class for three or more classes, else of the only output.</summary>
    /// <param name="table">As <see cref="Predict(Table)"/> takes it.</param>
    /// <param name="predictions">Of the same rows.</param>
    /// <exception cref="SchemaException">Feature columns are absent or unreadable.</exception>
    /// <exception cref="NotSupportedException">The package's models have no attributions (<see cref="CanExplain"/>).</exception>
    public IReadOnlyList<Contribution>[] Explain(Table table, TablePredictions predictions)
    {
        var conformed = Package.Schema.Conform(table, []);
        Column?[] columns = [.. Columns.Select(column => conformed.Find(column.Name))];
        int[]? decided = OutputCount == 1 ? null : predictions.Decisions();
        var row = NewRow();
        var explained = new IReadOnlyList<Contribution>[table.RowCount];
        for (int i = 0; i < explained.Length; i++)
        {
            row.Load(columns, i);
            explained[i] = Explain(row, decided?[i] ?? 0);
        }
        return explained;
    }

    /// <summary>Predicts every row of any table that has the model's feature columns, in any order and among others.</summary>
    /// <exception cref="SchemaException">Feature columns are absent or unreadable; all such problems at once.</exception>
    public TablePredictions Predict(Table table)
    {
        var warnings = new List<Problem>();
        double[] values = Package.Node.Predict(Package.Schema.Conform(table, warnings));
        Package.Head.Calibrate(values, OutputCount);
        return new TablePredictions(Package, values, warnings);
    }

    /// <summary>Predicts one row given as values by column name: numbers, texts, truth values, dates, or null for missing.</summary>
    /// <exception cref="SchemaException">A name is none of the model's columns, or a value's type is none that a cell can have; all at once.</exception>
    public RowPrediction Predict(IReadOnlyDictionary<string, object?> values)
    {
        if (!idle.TryTake(out var row)) row = NewRow();
        row.Clear();
        Fill(row, values);
        Span<double> outputs = new double[OutputCount];
        Predict(row, outputs);
        var warnings = RowWarnings.Of(row, name => values.TryGetValue(name, out object? value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null, values.ContainsKey);
        idle.Add(row);
        return Describe(outputs, warnings);
    }

    /// <summary>Puts a row's outputs into words: decision, probabilities by class name, intervals, version.</summary>
    public RowPrediction Describe(ReadOnlySpan<double> outputs, IReadOnlyList<Problem> warnings)
    {
        var classes = Package.Target.Classes;
        int decided = Decide(outputs);
        var probabilities = new KeyValuePair<string, double>[classes.Count];
        for (int k = 0; k < probabilities.Length; k++)
            probabilities[k] = new(classes[k], outputs.Length > 1 ? outputs[k] : k == 1 ? outputs[0] : 1 - outputs[0]);
        return new RowPrediction
        {
            Value = outputs.Length > 1 ? outputs[Math.Max(decided, 0)] : outputs[0],
            Decision = decided < 0 ? null : classes[decided],
            Probabilities = probabilities,
            Intervals = classes.Count == 0 && Package.Head.Conformal is { } conformal ? IntervalsAround(outputs[0], conformal) : [],
            Sets = classes.Count > 0 && Package.Head.Conformal is { } promised ? SetsOf(probabilities, promised) : [],
            Warnings = warnings,
            PackageVersion = Package.Version,
        };
    }

    /// <summary>What the row has that training did not: unseen levels, values out of range or unreadable.</summary>
    public IReadOnlyList<Problem> WarningsOf(PredictorRow row) => RowWarnings.Of(row, _ => null, _ => true);

    internal CellReader Reader(int column) => readers[column];

    internal static void Fill(PredictorRow row, IReadOnlyDictionary<string, object?> values)
    {
        List<Problem>? problems = null;
        foreach (var (name, value) in values)
        {
            try
            {
                row.SetObject(name, value);
            }
            catch (SchemaException fault)
            {
                (problems ??= []).AddRange(fault.Problems);
            }
        }
        if (problems is not null) throw new SchemaException(problems);
    }

    static PredictionSet[] SetsOf(KeyValuePair<string, double>[] probabilities, Conformal conformal)
    {
        var sets = new PredictionSet[conformal.Levels.Length];
        for (int level = 0; level < sets.Length; level++)
        {
            int at = level;
            sets[level] = new PredictionSet(conformal.Levels[level], [.. probabilities.Where((pair, k) => conformal.Includes(pair.Value, k, at)).Select(pair => pair.Key)]);
        }
        return sets;
    }

    static PredictionInterval[] IntervalsAround(double value, Conformal conformal)
    {
        var intervals = new PredictionInterval[conformal.Levels.Length];
        for (int level = 0; level < intervals.Length; level++)
        {
            var (low, high) = conformal.Interval(value, level);
            intervals[level] = new PredictionInterval(conformal.Levels[level], low, high);
        }
        return intervals;
    }
}
