namespace Tilth.Learners.Forests;

/// <summary>What the trees of a forest must obey; scikit-learn's names and meanings, sizes in weight.</summary>
internal sealed record ForestRules
{
    public required int NEstimators { get; init; }
    /// <summary>Share of the features that a node looks at; 0 is the square root of their number for classes, all for numbers.</summary>
    public required double MaxFeatures { get; init; }
    public required int MaxDepth { get; init; }
    public required double MinSamplesLeaf { get; init; }
    public required double MinSamplesSplit { get; init; }
    public required bool Bootstrap { get; init; }
    public required double MaxSamples { get; init; }
    /// <summary>One random threshold a feature instead of the best.</summary>
    public required bool RandomThresholds { get; init; }
}
