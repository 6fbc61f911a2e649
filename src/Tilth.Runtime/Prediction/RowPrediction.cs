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

    /// <summary>What the model has not seen in training: levels, ranges, missing columns.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];

    /// <summary>The package's version: the first 12 digits of its content hash.</summary>
    public required string PackageVersion { get; init; }
}

/// <summary>Bounds that hold the truth with a promised share of cases.</summary>
/// <param name="Coverage">In 0 to 1.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct PredictionInterval(double Coverage, double Low, double High);
