using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Poisson regression under a logarithmic link: mean half deviance + alpha / 2 |w|^2 (McCullagh and Nelder, 1989), as
/// scikit-learn's PoissonRegressor. The target must be at least 0.
/// </summary>
public sealed record PoissonRegression : ISupervisedLearner
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

    internal static LearnerEntry Entry { get; } = new("poisson_regression", "Poisson regression", new PoissonRegression(),
    [
        Parameter.Real<PoissonRegression>("alpha", l => l.Alpha, (l, v) => l with { Alpha = v }, 0, 1e12,
            "Strength of the penalty; 0 is none, larger values shrink the weights more.", (1e-6, 10), ParameterScale.Log),
        Parameter.Flag<PoissonRegression>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<PoissonRegression>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<PoissonRegression>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Regression], TargetRange = TargetRange.NotNegative, ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        LinearProblem.CheckRange(data, TargetRange.NotNegative, "Poisson regression");
        return LinearProblem.Fit(data, context, new PoissonLoss(), design => new(0, Alpha * design.TotalWeight), FitIntercept, new(Tol, MaxIter));
    }
}
