using Tilth.Data;

namespace Tilth.Evaluation;

/// <summary>A number with its 95 % interval; the limits are NaN where none can be given.</summary>
public sealed record Interval(double Value, double Lower, double Upper);

/// <summary>One metric of one evaluation.</summary>
/// <param name="Name">The metric's name in the catalogue.</param>
/// <param name="Score">Its value and 95 % interval.</param>
/// <param name="Method">How the interval was made: "DeLong", "Wilson", "bootstrap" or "grouped bootstrap".</param>
/// <param name="Baseline">The trivial baseline's value on the same rows.</param>
/// <param name="Difference">Score - baseline on the same resamples, with its 95 % interval.</param>
public sealed record MetricScore(string Name, Interval Score, string Method, double Baseline, Interval Difference);

/// <summary>A point of a curve; what X and Y are is the curve's business.</summary>
public sealed record CurvePoint(double X, double Y);

/// <summary>A point of a curve with the 95 % interval of its Y; the limits are NaN where none can be given.</summary>
public sealed record BandPoint(double X, double Value, double Lower, double Upper);

/// <summary>Rows of neighbouring stated probabilities.</summary>
/// <param name="Stated">Their mean stated probability.</param>
/// <param name="Happened">The share that happened, with its 95 % Wilson interval.</param>
/// <param name="Rows">How many rows.</param>
public sealed record CalibrationBin(double Stated, Interval Happened, int Rows);

/// <summary>Curves of a binary target, at most 200 points each.</summary>
public sealed record ProbabilityCurves
{
    /// <summary>False positive rate against true positive rate, from (0, 0) to (1, 1).</summary>
    public required IReadOnlyList<CurvePoint> Roc { get; init; }

    /// <summary>Recall against precision, from low to high recall.</summary>
    public required IReadOnlyList<CurvePoint> PrecisionRecall { get; init; }

    /// <summary>Ten groups of about equally many rows, from low to high stated probability.</summary>
    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }

    /// <summary>False positive rate against true positive rate on a grid, with bands; empty where only one class was seen.</summary>
    public IReadOnlyList<BandPoint> RocBand { get; init; } = [];

    /// <summary>Recall against precision on a grid, with bands.</summary>
    public IReadOnlyList<BandPoint> RecallBand { get; init; } = [];

    /// <summary>Threshold against net benefit of acting from it on, in positives found per row (Vickers and Elkin, 2006), with bands.</summary>
    public IReadOnlyList<BandPoint> NetBenefit { get; init; } = [];

    /// <summary>Share of the rows, the likeliest first, against the share of all positives among them, with bands.</summary>
    public IReadOnlyList<BandPoint> Gains { get; init; } = [];
}

/// <summary>One bar of a histogram: from Lower on, below Upper.</summary>
public sealed record HistogramBar(double Lower, double Upper, double Weight);

/// <summary>How the errors of a regression are spread; an error is prediction - target.</summary>
public sealed record ResidualSummary
{
    /// <summary>The levels of <see cref="Quantiles"/>.</summary>
    public static IReadOnlyList<double> Levels { get; } = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

    /// <summary>Errors at <see cref="Levels"/>.</summary>
    public required IReadOnlyList<double> Quantiles { get; init; }

    /// <summary>Errors between the quantiles at 0.5 % and 99.5 %, in at most 40 bars; those outside stand in the outer bars.</summary>
    public required IReadOnlyList<HistogramBar> Histogram { get; init; }

    /// <summary>At most 500 rows spread evenly over the predictions: prediction (X) and target (Y).</summary>
    public required IReadOnlyList<CurvePoint> Sample { get; init; }
}

/// <summary>How good predictions were on rows that the model did not learn from, and how sure that is. Immutable.</summary>
public sealed record Evaluation
{
    /// <summary>Binary, multiclass or regression.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>The column that was foreseen.</summary>
    public required string Target { get; init; }

    /// <summary>Class names in the order of the confusion matrix; empty for regression.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Which rows the scores come from: "sealed hold-out", "out of fold", "test file".</summary>
    public required string RowsFrom { get; init; }

    /// <summary>Number of rows.</summary>
    public required int RowCount { get; init; }

    /// <summary>Rows of each class; empty for regression.</summary>
    public required IReadOnlyList<int> ClassRows { get; init; }

    /// <summary>True if rows were weighted.</summary>
    public required bool Weighted { get; init; }

    /// <summary>Binary: the probability from which on a row is called positive; NaN otherwise.</summary>
    public required double Threshold { get; init; }

    /// <summary>What the trivial baseline foresees: the mean, or the class shares (binary: the positive share).</summary>
    public required IReadOnlyList<double> BaselinePrediction { get; init; }

    /// <summary>Every metric of the task, in catalogue order.</summary>
    public required IReadOnlyList<MetricScore> Metrics { get; init; }

    /// <summary>The name of the metric that is told first.</summary>
    public required string Headline { get; init; }

    /// <summary>How likely rows whose target has nothing to do with the predictions would be ranked this well (one-sided); NaN
    /// where rows cannot say. Groups are not regarded.</summary>
    public required double ChancePValue { get; init; }

    /// <summary>Binary only.</summary>
    public ProbabilityCurves? Curves { get; init; }

    /// <summary>Weight of the rows of class i that are called j, at [i][j]; empty for regression.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Confusion { get; init; }

    /// <summary>Regression only.</summary>
    public ResidualSummary? Residuals { get; init; }

    /// <summary>The score of that name, or null.</summary>
    public MetricScore? Find(string metric) => Metrics.FirstOrDefault(score => score.Name == metric);

    /// <summary>The score that is told first.</summary>
    public MetricScore HeadlineScore() => Find(Headline) ?? throw new InvalidOperationException($"the evaluation has no '{Headline}'");
}
