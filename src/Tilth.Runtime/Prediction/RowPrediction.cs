namespace Tilth.Prediction;

/// <summary>What a package says about one row.</summary>
public sealed record RowPrediction
{
    /// <summary>The predicted number; for classes the probability of the positive (binary) or of the decided one (multiclass).</summary>
    public required double Value { get; init; }

    /// <summary>The class decided for, or null for numbers.</summary>
    public string? Decision { get; init; }

    /// <summary>The probability of each class in the order of the target's classes; empty for numbers.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Probabilities { get; init; } = [];

    /// <summary>For numbers: one interval for each promised coverage; empty where the package promises none.</summary>
    public IReadOnlyList<PredictionInterval> Intervals { get; init; } = [];

    /// <summary>For classes: one set for each promised coverage; empty where the package promises none.</summary>
    public IReadOnlyList<PredictionSet> Sets { get; init; } = [];

    /// <summary>What the model has not seen in training: levels, ranges, missing columns.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];

    /// <summary>The package's version: the first 12 digits of its content hash.</summary>
    public required string PackageVersion { get; init; }
}

/// <summary>Classes that hold the true one with a promised share of cases.</summary>
/// <param name="Coverage">In 0 to 1.</param>
/// <param name="Classes">Their names, in the target's order; none where the row is unlike every class.</param>
public readonly record struct PredictionSet(double Coverage, IReadOnlyList<string> Classes)
{
    /// <summary>True unless the set is a single class: with that coverage the package cannot say which it is.</summary>
    public bool CannotSay => Classes.Count != 1;
}

/// <summary>Bounds that hold the truth with a promised share of cases.</summary>
/// <param name="Coverage">In 0 to 1.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct PredictionInterval(double Coverage, double Low, double High);
