using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Least squares with both penalties: sum w (y - Xb)^2 / (2 sum w) + alpha (l1_ratio |b|_1 + (1 - l1_ratio) / 2 |b|^2)
/// (Zou and Hastie, 2005), as scikit-learn's ElasticNet.
/// </summary>
public sealed record ElasticNet : ISupervisedLearner
{
    /// <summary>Strength of the penalty, at least 0; 0 is no penalty.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The share of the penalty that is L1, from 0 (ridge) to 1 (lasso).</summary>
    public double L1Ratio { get; init; } = 0.5;

    /// <summary>Whether a constant is fitted.</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>Most Newton steps.</summary>
    public int MaxIter { get; init; } = 100;

    /// <summary>How small the largest slope must become, relative to that of the constant model.</summary>
    public double Tol { get; init; } = 1e-8;

    /// <inheritdoc/>
    public PreparationNeeds Needs => LinearNeeds.Default;

    internal static LearnerEntry Entry { get; } = new("elastic_net", "Elastic net", new ElasticNet(),
    [
        Parameter.Real<ElasticNet>("alpha", l => l.Alpha, (l, v) => l with { Alpha = v }, 0, 1e12,
            "Strength of the penalty; 0 is none, larger values shrink the weights more.", (1e-5, 10), ParameterScale.Log),
        Parameter.Real<ElasticNet>("l1_ratio", l => l.L1Ratio, (l, v) => l with { L1Ratio = v }, 0, 1,
            "Share of the penalty that is L1 (sets weights to zero); the rest is L2 (shrinks them).", (0.05, 1)),
        Parameter.Flag<ElasticNet>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<ElasticNet>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<ElasticNet>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Regression], ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
        => LinearProblem.Fit(data, context, new SquaredLoss(), design => PenaltyOf(design.TotalWeight), FitIntercept, new(Tol, MaxIter));

    Penalty PenaltyOf(double totalWeight) => new(Alpha * L1Ratio * totalWeight, Alpha * (1 - L1Ratio) * totalWeight);
}
