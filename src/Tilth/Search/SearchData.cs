using Tilth.Data;
using Tilth.Kernels;
using Tilth.Metrics;

namespace Tilth.Search;

/// <summary>
/// The rows that all trials share: which of them each fold learns from, which are scored, and by what. Every trial foresees the
/// same scored rows, so that their predictions can be compared and blended row by row.
/// </summary>
internal sealed class SearchData
{
    readonly RandomSource random;
    readonly int[] positionOf;

    /// <param name="data">Where the rows lie.</param>
    /// <param name="rows">The rows that the search may read, ascending.</param>
    /// <param name="folds">How many models leave out another part of the rows each; 1 to score one part of them only.</param>
    /// <param name="metric">Decides what is better; null for the headline metric.</param>
    /// <param name="seed">Decides the folds.</param>
    public SearchData(TrainingTable data, int[] rows, int folds, Metric? metric, ulong seed)
    {
        (Data, Rows, Folds) = (data, rows, folds);
        Metric = metric ?? MetricCatalog.Headline(data.Target.Task);
        random = new RandomSource(seed).Child(0xF01D);
        FirstFolds = FoldsOf(0);
        ScoredRows = [.. FirstFolds.SelectMany(fold => fold.Test).Order()];
        positionOf = new int[data.RowCount];
        Array.Fill(positionOf, -1);
        for (int i = 0; i < ScoredRows.Length; i++) positionOf[ScoredRows[i]] = i;
        Scored = data.Target.Take(ScoredRows);
        Weights = data.WeightsOf(ScoredRows);
        Keys = data.KeysOf(ScoredRows) with { Times = null };
    }

    public TrainingTable Data { get; }

    public int[] Rows { get; }

    public int Folds { get; }

    public Metric Metric { get; }

    public Fold[] FirstFolds { get; }

    /// <summary>The rows that every finished trial has foreseen, ascending.</summary>
    public int[] ScoredRows { get; }

    /// <summary>The target of the scored rows.</summary>
    public Target Scored { get; }

    /// <summary>The weights of the scored rows, or null.</summary>
    public double[]? Weights { get; }

    /// <summary>Classes and groups of the scored rows.</summary>
    public SplitKeys Keys { get; }

    public int Outputs => Data.Target.Schema.OutputCount;

    /// <summary>Whether the rows can be divided in other ways, with the same rows scored.</summary>
    public bool CanRepeat => Folds > 1 && Data.Keys.Times is null;

    /// <summary>The folds of a repeat; repeat 0 is what most trials use.</summary>
    public Fold[] FoldsOf(int repeat)
    {
        var keys = Data.KeysOf(Rows);
        ulong seed = random.ChildSeed(repeat);
        Fold[] folds = Folds > 1 ? Splits.KFold(keys, Folds, seed) : [Splits.Holdout(keys, 0.1, seed)];
        return [.. folds.Select(fold => new Fold(InTable(fold.Train), InTable(fold.Test)))];
    }

    /// <summary>Where the row stands among the scored ones.</summary>
    public int PositionOf(int row) => positionOf[row];

    /// <summary>How bad predictions of all scored rows are: lower is better, never NaN.</summary>
    public double Error(double[] predictions) => Orient(Metric.Compute(new EvaluationData(Scored.Schema, Scored.Values, predictions, Weights)));

    /// <summary>How bad predictions of some scored rows are.</summary>
    /// <param name="positions">Among the scored rows.</param>
    /// <param name="predictions">Of those rows.</param>
    public double Error(int[] positions, double[] predictions)
        => Orient(Metric.Compute(new EvaluationData(Scored.Schema, Scored.Take(positions).Values, predictions, Weights is { } all ? Array.ConvertAll(positions, at => all[at]) : null)));

    /// <summary>The metric's value behind an error.</summary>
    public double ScoreOf(double error) => Metric.HigherIsBetter ? -error : error;

    /// <summary>The rows of a matrix of predictions.</summary>
    public double[] Take(double[] predictions, int[] positions)
    {
        var taken = new double[positions.Length * Outputs];
        for (int i = 0; i < positions.Length; i++) predictions.AsSpan(positions[i] * Outputs, Outputs).CopyTo(taken.AsSpan(i * Outputs));
        return taken;
    }

    double Orient(double value) => double.IsNaN(value) ? double.PositiveInfinity : Metric.Goal switch
    {
        MetricGoal.Maximize => -value,
        MetricGoal.Minimize => value,
        _ => Math.Abs(value),
    };

    int[] InTable(int[] positions) => Array.ConvertAll(positions, position => Rows[position]);
}
