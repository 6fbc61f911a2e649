using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Least squares with an L2 penalty: sum w (y - Xb)^2 + alpha |b|^2 (Hoerl and Kennard, 1970), as scikit-learn's Ridge.
/// </summary>
public sealed record Ridge : ISupervisedLearner
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

    internal static LearnerEntry Entry { get; } = new("ridge", "Ridge regression", new Ridge(),
    [
        Parameter.Real<Ridge>("alpha", l => l.Alpha, (l, v) => l with { Alpha = v }, 0, 1e12,
            "Strength of the penalty; 0 is none, larger values shrink the weights more.", (1e-3, 1e5), ParameterScale.Log),
        Parameter.Flag<Ridge>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<Ridge>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<Ridge>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Regression], ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
        => LinearProblem.Fit(data, context, new SquaredLoss(), _ => new(0, Alpha), FitIntercept, new(Tol, MaxIter));
}
