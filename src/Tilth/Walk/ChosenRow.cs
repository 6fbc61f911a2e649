using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>Why a row is shown.</summary>
public enum ChosenFor
{
    /// <summary>The highest probability or number of all rows; of several classes the surest decision.</summary>
    Highest,

    /// <summary>The lowest probability or number of all rows.</summary>
    Lowest,

    /// <summary>The probability nearest to where the decision turns; of numbers the one in the middle.</summary>
    Middle,

    /// <summary>Of the rows that were decided wrongly the one that the model was surest of; of numbers the one that is missed by most.</summary>
    Wrong,
}

/// <summary>A real row that stands for others, and how its prediction comes about.</summary>
/// <param name="Why">What it was chosen for.</param>
/// <param name="Row">Its place in the table that was read, from 1.</param>
/// <param name="Truth">What became true: a number, or a class's number.</param>
/// <param name="TrueClass">Its name; null for numbers.</param>
/// <param name="Decided">The class that the package decides for; null for numbers.</param>
/// <param name="Explanation">From the mean of other rows of the table to the prediction.</param>
public sealed record ChosenRow(ChosenFor Why, int Row, double Truth, string? TrueClass, string? Decided, RowExplanation Explanation)
{
    const int BackgroundRows = 50, FewestOrders = 4, MostOrders = 25, MostColumns = 200;

    static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    /// <summary>At most four rows, chosen by rules that look at predictions and truths alone; none if the model looks at over 200 columns.</summary>
    /// <param name="package">Predicts.</param>
    /// <param name="raw">Rows with the target, best such that the package did not learn from.</param>
    /// <param name="seed">Decides the rows that stand for "not known".</param>
    /// <param name="warnings">Gets what counts as missing.</param>
    /// <exception cref="SchemaException">A column is missing.</exception>
    /// <exception cref="LearningException">No row has a target.</exception>
    public static IReadOnlyList<ChosenRow> Of(ModelPackage package, Table raw, ulong seed, ICollection<Problem> warnings)
    {
        int columns = package.Node.SourceColumns.Count();
        if (columns is 0 or > MostColumns) return [];
        var data = TrainingTable.Read(raw, package.Schema, []);
        int outputs = package.Target.OutputCount, orders = (int)(PredictionWork.RowsIn(Budget, package.Node) / (2L * BackgroundRows * columns));
        double[] predictions = package.Node.Predict(data.Table);
        package.Head.Calibrate(predictions, outputs);
        var rows = Choose(package, data.Target, predictions);
        var request = new ExplainRequest { Background = data.Table, Orders = Math.Clamp(orders, FewestOrders, MostOrders), Seed = seed };
        var explained = RowExplanation.Of(package, data.Table.Take([.. rows.Select(chosen => chosen.Row)]), request, warnings);
        return [.. rows.Zip(explained, (chosen, explanation) => new ChosenRow(chosen.Why, (data.SourceRows?[chosen.Row] ?? chosen.Row) + 1, data.Target.Values[chosen.Row], ClassOf(data.Target, chosen.Row),
            package.Target.Task == TaskKind.Regression ? null : package.Target.Classes[package.Head.Rule.Decide(predictions.AsSpan(chosen.Row * outputs, outputs))], explanation))];
    }

    /// <summary>Each row once; the first of equal ones.</summary>
    static List<(ChosenFor Why, int Row)> Choose(ModelPackage package, Target target, double[] predictions)
    {
        int outputs = target.Schema.OutputCount;
        int[] all = [.. Enumerable.Range(0, target.Values.Length)];
        ReadOnlySpan<double> Of(int row) => predictions.AsSpan(row * outputs, outputs);
        double Sure(int row) => target.Task == TaskKind.Multiclass ? Of(row)[package.Head.Rule.Decide(Of(row))] : predictions[row];
        double[] sorted = Array.ConvertAll(all, Sure);
        Array.Sort(sorted);
        double middle = target.Task == TaskKind.Binary ? package.Head.Rule.Threshold : target.Task == TaskKind.Multiclass ? 0 : sorted[sorted.Length / 2];
        var chosen = new List<(ChosenFor Why, int Row)> { (ChosenFor.Highest, all.MaxBy(Sure)) };
        void Add(ChosenFor why, int? row)
        {
            if (row is { } one && chosen.All(other => other.Row != one)) chosen.Add((why, one));
        }
        Add(ChosenFor.Middle, all.MinBy(row => Math.Abs(Sure(row) - middle)));
        if (target.Task != TaskKind.Multiclass) Add(ChosenFor.Lowest, all.MinBy(Sure));
        int[] wrong = target.Task == TaskKind.Regression ? all : [.. all.Where(row => package.Head.Rule.Decide(Of(row)) != (int)target.Values[row])];
        // What the model was surest of, and missed: the largest distance between what it said and what became true.
        Add(ChosenFor.Wrong, wrong.Length == 0 ? null : wrong.MaxBy(row => target.Task == TaskKind.Multiclass ? Sure(row) : Math.Abs(predictions[row] - target.Values[row])));
        return chosen;
    }

    static string? ClassOf(Target target, int row) => target.Task == TaskKind.Regression ? null : target.Schema.Classes[(int)target.Values[row]];
}
