using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Logistic regression for two classes and multinomial for more: C sum w loss + penalty, as scikit-learn's class of that name
/// (the intercept is never penalised, as with its lbfgs, newton-cg and saga solvers).
/// </summary>
public sealed record LogisticRegression : ISupervisedLearner
{
    /// <summary>What holds the weights small.</summary>
    public LogisticPenalty Penalty { get; init; }

    /// <summary>The inverse of the strength of the penalty, above 0.</summary>
    public double C { get; init; } = 1;

    /// <summary>The share of the penalty that is L1, from 0 to 1; only for the elastic net.</summary>
    public double L1Ratio { get; init; } = 0.5;

    /// <summary>Whether a constant is fitted.</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>Most Newton steps.</summary>
    public int MaxIter { get; init; } = 100;

    /// <summary>How small the largest slope must become, relative to that of the constant model.</summary>
    public double Tol { get; init; } = 1e-8;

    /// <inheritdoc/>
    public PreparationNeeds Needs => LinearNeeds.Default;

    internal static LearnerEntry Entry { get; } = new("logistic_regression", "Logistic regression", new LogisticRegression(),
    [
        Parameter.Choice<LogisticRegression, LogisticPenalty>("penalty", l => l.Penalty, (l, v) => l with { Penalty = v },
            "What holds the weights small: squares (l2), sizes (l1), both (elasticnet) or nothing (none)."),
        Parameter.Real<LogisticRegression>("c", l => l.C, (l, v) => l with { C = v }, 1e-12, 1e12,
            "Inverse of the strength of the penalty; smaller values shrink the weights more.", (1e-4, 1e4), ParameterScale.Log),
        Parameter.Real<LogisticRegression>("l1_ratio", l => l.L1Ratio, (l, v) => l with { L1Ratio = v }, 0, 1,
            "Share of an elastic-net penalty that is L1."),
        Parameter.Flag<LogisticRegression>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<LogisticRegression>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<LogisticRegression>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Binary, TaskKind.Multiclass], ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
        => LinearProblem.Fit(data, context, LinearProblem.LossOf(data.Target), _ => Strength, FitIntercept, new(Tol, MaxIter));

    Penalty Strength => Penalty switch
    {
        LogisticPenalty.L1 => new(1 / C, 0),
        LogisticPenalty.L2 => new(0, 1 / C),
        LogisticPenalty.Elasticnet => new(L1Ratio / C, (1 - L1Ratio) / C),
        _ => default,
    };
}
