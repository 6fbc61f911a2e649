using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>What regressions of a mean under a logarithmic link have in common: mean half deviance + alpha / 2 |w|^2.</summary>
public abstract record LogMeanRegression : ISupervisedLearner
{
    private protected LogMeanRegression() { }

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

    internal static IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Real<LogMeanRegression>("alpha", l => l.Alpha, (l, v) => l with { Alpha = v }, 0, 1e12,
            "Strength of the penalty; 0 is none, larger values shrink the weights more.", (1e-6, 10), ParameterScale.Log),
        Parameter.Flag<LogMeanRegression>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<LogMeanRegression>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<LogMeanRegression>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ];

    /// <inheritdoc/>
    public abstract Model Fit(TrainingSet data, FitContext context);

    private protected Model Fit(TrainingSet data, FitContext context, LinearLoss loss, TargetRange range, string title)
    {
        LinearProblem.CheckRange(data, range, title);
        return LinearProblem.Fit(data, context, loss, design => new(0, Alpha * design.TotalWeight), FitIntercept, new(Tol, MaxIter));
    }
}
