namespace Tilth.Learners.Forests;

/// <summary>
/// A random forest (Breiman, 2001): deep trees on bootstrap samples, each node looking at a few random features.
/// </summary>
public sealed record RandomForest : Forest
{
    /// <summary>The defaults of scikit-learn.</summary>
    public RandomForest() => Bootstrap = true;

    internal static LearnerEntry Entry { get; } = new("random_forest", "Random forest", new RandomForest(), Parameters, new() { ExactAttributions = true });

    internal override bool RandomThresholds => false;
}
