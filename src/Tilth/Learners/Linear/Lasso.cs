using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Least squares with an L1 penalty: sum w (y - Xb)^2 / (2 sum w) + alpha |b|_1 (Tibshirani, 1996), as scikit-learn's Lasso.
/// </summary>
public sealed record Lasso : ISupervisedLearner
{
    /// <summary>Strength of the penalty, at least 0; 0 is no penalty.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Whether a constant is fitted.</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>Most Newton steps.</summary>
    public int MaxIter { get; init; } = 100;

    /// <summary>How small the largest slope must become, relative to that of the constant model.</summary>
    public double Tol { get; init; } = 1e-8;

    /// <inheritdoc/>
    public PreparationNeeds Needs => LinearNeeds.Default;

    internal static LearnerEntry Entry { get; } = new("lasso", "Lasso", new Lasso(),
    [
        Parameter.Real<Lasso>("alpha", l => l.Alpha, (l, v) => l with { Alpha = v }, 0, 1e12,
            "Strength of the penalty; 0 is none, larger values shrink the weights more.", (1e-5, 10), ParameterScale.Log),
        Parameter.Flag<Lasso>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<Lasso>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<Lasso>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Regression], ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
        => LinearProblem.Fit(data, context, new SquaredLoss(), design => new(Alpha * design.TotalWeight, 0), FitIntercept, new(Tol, MaxIter));
}
