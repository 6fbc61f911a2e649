using Tilth.Data;

namespace Tilth.Learners;

/// <summary>
/// Features with their target, seen through a list of rows: folds, trials and learners share one matrix (and its bins) and
/// differ only in the rows they look at.
/// </summary>
public sealed class TrainingSet
{
    /// <summary>All rows of the features.</summary>
    /// <param name="features">What is known.</param>
    /// <param name="target">What is foreseen; one value a row of the features.</param>
    /// <param name="weights">How much each row counts, at least 0; empty if all count alike.</param>
    public TrainingSet(FeatureMatrix features, Target target, ReadOnlyMemory<double> weights = default)
        : this(features, target, weights, AllRows(features.RowCount), [], new SharedBins())
    {
        if (target.Values.Length != features.RowCount) throw new ArgumentException("features and target differ in their number of rows");
        if (!weights.IsEmpty && weights.Length != features.RowCount) throw new ArgumentException("features and weights differ in their number of rows");
    }

    TrainingSet(FeatureMatrix features, Target target, ReadOnlyMemory<double> weights, int[] rows, int[] validationRows, SharedBins bins)
        => (Features, Target, Weights, Rows, ValidationRows, Bins) = (features, target, weights, rows, validationRows, bins);

    /// <summary>The features of all rows, also of those outside this view.</summary>
    public FeatureMatrix Features { get; }

    /// <summary>The target of all rows.</summary>
    public Target Target { get; }

    /// <summary>The weight of all rows, or empty if each counts 1.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>The rows to learn from, ascending.</summary>
    public int[] Rows { get; }

    /// <summary>Rows that a learner may score itself on to know when to stop; empty if there are none.</summary>
    public int[] ValidationRows { get; }

    /// <summary>Bins of the features, made once for all views.</summary>
    internal SharedBins Bins { get; }

    /// <summary>The same data through other rows.</summary>
    /// <param name="rows">To learn from; ascending.</param>
    /// <param name="validationRows">To stop by; ascending, none of <paramref name="rows"/>.</param>
    public TrainingSet View(int[] rows, int[]? validationRows = null) => new(Features, Target, Weights, rows, validationRows ?? [], Bins);

    /// <summary>The same features and view with other values to foresee.</summary>
    /// <param name="target">One value a row of the features.</param>
    internal TrainingSet WithTarget(Target target) => new(Features, target, Weights, Rows, ValidationRows, Bins);

    /// <summary>Refuses a view from which nothing can be learned.</summary>
    /// <exception cref="LearningException">No row counts, or all rows that count are of one class.</exception>
    internal void RequireRowsAndClasses()
    {
        int[] counting = Weights.IsEmpty ? Rows : Array.FindAll(Rows, row => Weights.Span[row] > 0);
        if (counting.Length == 0) throw new LearningException("rows-none", "there are no rows to learn from");
        if (Target.Task == TaskKind.Regression) return;
        double first = Target.Values[counting[0]];
        if (Array.TrueForAll(counting, row => Target.Values[row] == first))
            throw new LearningException("target-single-class", $"every row to learn from has the class '{Target.Schema.Classes[(int)first]}'; at least two classes are needed");
    }

    static int[] AllRows(int count)
    {
        var rows = new int[count];
        for (int i = 0; i < count; i++) rows[i] = i;
        return rows;
    }
}
