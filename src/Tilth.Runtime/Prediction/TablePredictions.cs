using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.Prediction;

/// <summary>What a package says about the rows of a table.</summary>
/// <param name="package">The package that predicted.</param>
/// <param name="values">rows x outputs, calibrated.</param>
/// <param name="warnings">What was unseen or unreadable, one a column.</param>
public sealed class TablePredictions(ModelPackage package, double[] values, IReadOnlyList<Problem> warnings)
{
    readonly TargetSchema target = package.Target;

    /// <summary>
    /// rows x outputs, row by row, calibrated: the positive class's probability, one probability a class (three or more), or
    /// the number.
    /// </summary>
    public double[] Values => values;

    /// <summary>Numbers a row in <see cref="Values"/>.</summary>
    public int OutputCount => package.Target.OutputCount;

    /// <summary>Number of rows.</summary>
    public int RowCount => values.Length / OutputCount;

    /// <summary>What was unseen or unreadable, one a column.</summary>
    public IReadOnlyList<Problem> Warnings => warnings;

    /// <summary>The decided class of each row by number; -1 for numbers.</summary>
    public int[] Decisions()
    {
        var decisions = new int[RowCount];
        for (int row = 0; row < decisions.Length; row++)
            decisions[row] = package.Head.Rule.Decide(values.AsSpan(row * OutputCount, OutputCount));
        return decisions;
    }

    /// <summary>
    /// The head's output columns: first the decided class or the number, then a probability a class; for numbers with promised
    /// intervals also their bounds ("lower_90", "upper_90"), for classes with promised sets their names joined by " | "
    /// ("set_90"); a set that is not a single class means that the package cannot say.
    /// </summary>
    public Table ToTable()
    {
        var outputs = package.Head.Outputs;
        var columns = new List<Column>();
        if (target.Task == TaskKind.Regression)
        {
            columns.Add(new NumberColumn(outputs[0].Name, values));
            AddIntervals(columns);
            return new Table(columns);
        }
        columns.Add(new CategoryColumn(outputs[0].Name, Decisions(), new LevelSet(target.Classes)));
        for (int k = 0; k < target.Classes.Count; k++) columns.Add(new NumberColumn(outputs[k + 1].Name, ProbabilitiesOf(k)));
        AddSets(columns);
        return new Table(columns);
    }

    /// <summary>Whether the set of that coverage is a single class in each row; false is "cannot say".</summary>
    /// <param name="coverage">A coverage that the package promises.</param>
    /// <exception cref="SchemaException">It does not promise that coverage; the message says which it does.</exception>
    public bool[] IsSure(double coverage)
    {
        int level = package.Head.Conformal is { } conformal && target.Classes.Count > 0 ? Array.FindIndex(conformal.Levels.ToArray(), l => Math.Abs(l - coverage) < 1e-9) : -1;
        if (level < 0)
            throw new SchemaException("coverage-unknown", package.Head.Conformal is null || target.Classes.Count == 0 ? "the package promises no sets of classes, so that it cannot tell where it cannot say"
                : $"the package promises sets of {string.Join(", ", package.Head.Conformal.Levels.ToArray().Select(Percent))} %, but {Percent(coverage)} % was asked for");
        return [.. Enumerable.Range(0, RowCount).Select(row => SetOf(row, level).Take(2).Count() == 1)];
    }

    IEnumerable<int> SetOf(int row, int level)
    {
        for (int k = 0; k < target.Classes.Count; k++)
            if (package.Head.Conformal!.Includes(ProbabilityOf(row, k), k, level)) yield return k;
    }

    double ProbabilityOf(int row, int k) => OutputCount > 1 ? values[row * OutputCount + k] : k == 1 ? values[row] : 1 - values[row];

    void AddSets(List<Column> columns)
    {
        if (package.Head.Conformal is not { } conformal) return;
        for (int level = 0; level < conformal.Levels.Length; level++)
        {
            int at = level;
            columns.Add(TextColumn.From($"set_{Percent(conformal.Levels[level])}", [.. Enumerable.Range(0, RowCount).Select(row => string.Join(" | ", SetOf(row, at).Select(k => target.Classes[k])))]));
        }
    }

    static string Percent(double level) => (level * 100).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The probability of class <paramref name="index"/> in each row.</summary>
    public double[] ProbabilitiesOf(int index)
    {
        var probabilities = new double[RowCount];
        for (int row = 0; row < probabilities.Length; row++) probabilities[row] = ProbabilityOf(row, index);
        return probabilities;
    }

    void AddIntervals(List<Column> columns)
    {
        if (package.Head.Conformal is not { } conformal) return;
        for (int level = 0; level < conformal.Levels.Length; level++)
        {
            int number = level;
            string percent = Percent(conformal.Levels[level]);
            columns.Add(new NumberColumn($"lower_{percent}", Array.ConvertAll(values, value => conformal.Interval(value, number).Low)));
            columns.Add(new NumberColumn($"upper_{percent}", Array.ConvertAll(values, value => conformal.Interval(value, number).High)));
        }
    }
}
