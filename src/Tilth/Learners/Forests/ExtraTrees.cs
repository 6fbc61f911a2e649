namespace Tilth.Learners.Forests;

/// <summary>
/// Extremely randomised trees (Geurts, Ernst and Wehenkel, 2006): deep trees on all rows, each node taking the best of one
/// random threshold for each of a few random features.
/// </summary>
public sealed record ExtraTrees : Forest
{
    /// <summary>The defaults of scikit-learn.</summary>
    public ExtraTrees() => Bootstrap = false;

    internal static LearnerEntry Entry { get; } = new("extra_trees", "Extra trees", new ExtraTrees(), Parameters, new() { ExactAttributions = true });

    internal override bool RandomThresholds => true;
}
