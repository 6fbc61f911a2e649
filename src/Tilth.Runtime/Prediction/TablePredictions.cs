using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.Prediction;

/// <summary>What a package says about the rows of a table.</summary>
/// <param name="package">The package that predicted.</param>
/// <param name="values">rows x outputs, calibrated.</param>
/// <param name="warnings">What was unseen or unreadable, one a column.</param>
public sealed class TablePredictions(ModelPackage package, double[] values, IReadOnlyList<Problem> warnings)
{
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
    /// intervals also their bounds ("lower_90", "upper_90").
    /// </summary>
    public Table ToTable()
    {
        var outputs = package.Head.Outputs;
        var target = package.Target;
        var columns = new List<Column>();
        if (target.Task == TaskKind.Regression)
        {
            columns.Add(new NumberColumn(outputs[0].Name, values));
            AddIntervals(columns);
            return new Table(columns);
        }
        columns.Add(new CategoryColumn(outputs[0].Name, Decisions(), new LevelSet(target.Classes)));
        for (int k = 0; k < target.Classes.Count; k++) columns.Add(new NumberColumn(outputs[k + 1].Name, ProbabilitiesOf(k)));
        return new Table(columns);
    }

    /// <summary>The probability of class <paramref name="index"/> in each row.</summary>
    public double[] ProbabilitiesOf(int index)
    {
        var probabilities = new double[RowCount];
        for (int row = 0; row < probabilities.Length; row++)
            probabilities[row] = OutputCount > 1 ? values[row * OutputCount + index] : index == 1 ? values[row] : 1 - values[row];
        return probabilities;
    }

    void AddIntervals(List<Column> columns)
    {
        if (package.Head.Conformal is not { } conformal) return;
        for (int level = 0; level < conformal.Levels.Length; level++)
        {
            int number = level;
            string percent = (conformal.Levels[level] * 100).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
            columns.Add(new NumberColumn($"lower_{percent}", Array.ConvertAll(values, value => conformal.Interval(value, number).Low)));
            columns.Add(new NumberColumn($"upper_{percent}", Array.ConvertAll(values, value => conformal.Interval(value, number).High)));
        }
    }
}
