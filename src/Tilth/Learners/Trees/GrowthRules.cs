namespace Tilth.Learners.Trees;

/// <summary>What a grown tree must obey; LightGBM's names and meanings unless said otherwise.</summary>
internal sealed record GrowthRules
{
    public int NumLeaves { get; init; } = 31;

    /// <summary>0 for no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Splits level by level instead of the best leaf first.</summary>
    public bool DepthWise { get; init; }

    /// <summary>Least weight in a leaf; within a node it is taken to be spread as the hessian is.</summary>
    public double MinDataInLeaf { get; init; } = 20;

    /// <summary>Least hessian in a leaf.</summary>
    public double MinChildWeight { get; init; } = 1e-3;

    public double LambdaL1 { get; init; }

    public double LambdaL2 { get; init; }

    public double MinGain { get; init; }

    public double CatSmooth { get; init; } = 10;

    public double CatL2 { get; init; } = 10;

    public int MaxCatToOnehot { get; init; } = 4;

    public int MaxCatThreshold { get; init; } = 32;

    /// <summary>Least weight of a category group that ends a candidate set.</summary>
    public double MinDataPerGroup { get; init; } = 100;

    public double FeatureFraction { get; init; } = 1;

    public double FeatureFractionByNode { get; init; } = 1;

    /// <summary>One random threshold a feature and node.</summary>
    public bool ExtraTrees { get; init; }

    /// <summary>+1, -1 or 0 by feature; empty for none.</summary>
    public IReadOnlyList<int> Monotone { get; init; } = [];

    /// <summary>Sets of features that may meet on one path; empty for no rule.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Interactions { get; init; } = [];

    /// <summary>The leaf value that minimises the loss: -T(G) / (H + lambda2), T shrinking by lambda1.</summary>
    public double LeafValue(double gradient, double hessian)
    {
        double shrunk = Shrink(gradient), divisor = hessian + LambdaL2;
        return divisor > 0 ? -shrunk / divisor : 0;
    }

    /// <summary>Twice the loss that a leaf saves: T(G)^2 / (H + lambda).</summary>
    public double LeafGain(double gradient, double hessian, double lambda)
    {
        double shrunk = Shrink(gradient), divisor = hessian + lambda;
        return divisor > 0 ? shrunk * shrunk / divisor : 0;
    }

    /// <summary>Twice the loss that a leaf of a given value saves.</summary>
    public double GainAt(double value, double gradient, double hessian, double lambda)
        => -(2 * Shrink(gradient) * value + (hessian + lambda) * value * value);

    double Shrink(double gradient) => LambdaL1 == 0 ? gradient : Math.Sign(gradient) * Math.Max(0, Math.Abs(gradient) - LambdaL1);
}
