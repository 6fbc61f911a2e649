using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Ordinary least squares, as scikit-learn's class of that name; weights count rows. Where columns depend on each other the
/// solution of least norm is taken.
/// </summary>
public sealed record LinearRegression : ISupervisedLearner
{
    /// <summary>Whether a constant is fitted.</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>Most Newton steps.</summary>
    public int MaxIter { get; init; } = 100;

    /// <summary>How small the largest slope must become, relative to that of the constant model.</summary>
    public double Tol { get; init; } = 1e-8;

    /// <inheritdoc/>
    public PreparationNeeds Needs => LinearNeeds.Default;

    internal static LearnerEntry Entry { get; } = new("linear_regression", "Least squares", new LinearRegression(),
    [
        Parameter.Flag<LinearRegression>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<LinearRegression>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<LinearRegression>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Regression], ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
        => LinearProblem.Fit(data, context, new SquaredLoss(), _ => default, FitIntercept, new(Tol, MaxIter));
}
