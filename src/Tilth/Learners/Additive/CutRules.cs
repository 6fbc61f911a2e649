namespace Tilth.Learners.Additive;

/// <summary>What the tiny trees of a shape function obey.</summary>
internal readonly record struct CutRules(double LearningRate, int MaxLeaves, double MinWeight, double LambdaL2, double CatSmooth)
{
    const double LeastHessian = 1e-4;

    /// <summary>Whether rows with these sums may be a leaf.</summary>
    public bool Allows(double weight, double hessian) => weight >= MinWeight * (1 - 1e-9) && hessian >= LeastHessian;

    /// <summary>The Newton step -G / (H + lambda).</summary>
    public double Value(double gradient, double hessian) => hessian + LambdaL2 is var divisor && divisor > 0 ? -gradient / divisor : 0;

    /// <summary>Twice the loss that a leaf saves: G^2 / (H + lambda).</summary>
    public double Gain(double gradient, double hessian) => hessian + LambdaL2 is var divisor && divisor > 0 ? gradient * gradient / divisor : 0;
}

/// <summary>Sums over some rows: gradients, hessians, weights.</summary>
internal readonly record struct CellSum(double G, double H, double W)
{
    public static CellSum operator +(CellSum a, CellSum b) => new(a.G + b.G, a.H + b.H, a.W + b.W);

    public static CellSum operator -(CellSum a, CellSum b) => new(a.G - b.G, a.H - b.H, a.W - b.W);
}
