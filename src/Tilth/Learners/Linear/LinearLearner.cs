using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// The linear model for people who do not want to choose: ridge regression for numbers, logistic regression for two classes,
/// multinomial for more, with the strength of the penalty chosen by cross-validation along a warm path (Friedman, Hastie and
/// Tibshirani 2010). Differs from glmnet and scikit-learn's CV classes in that equal rows share a fold and in that many rows
/// leave the choice to 20,000 of them (fewer where there are many classes).
/// </summary>
public sealed record LinearLearner : ISupervisedLearner
{
    // Rows that choose the penalty; the more classes, the fewer, as each costs a model of its own.
    const int TuningRows = 20_000, FewestTuningRows = 2000;

    /// <summary>The share of the penalty that is L1: 0 is ridge, 1 is lasso.</summary>
    public double L1Ratio { get; init; }

    /// <summary>Folds of the cross-validation.</summary>
    public int Cv { get; init; } = 5;

    /// <summary>Most Newton steps of the last fit.</summary>
    public int MaxIter { get; init; } = 100;

    /// <summary>How small the largest slope must become, relative to that of the constant model.</summary>
    public double Tol { get; init; } = 1e-6;

    /// <inheritdoc/>
    public PreparationNeeds Needs => LinearNeeds.Default;

    internal static LearnerEntry Entry { get; } = new("linear", "Linear model", new LinearLearner(),
    [
        Parameter.Real<LinearLearner>("l1_ratio", l => l.L1Ratio, (l, v) => l with { L1Ratio = v }, 0, 1,
            "Share of the penalty that is L1 (sets weights to zero); the rest is L2 (shrinks them)."),
        Parameter.Integer<LinearLearner>("cv", l => l.Cv, (l, v) => l with { Cv = v }, 2, 20,
            "Folds of the cross-validation that chooses the strength of the penalty."),
        Parameter.Integer<LinearLearner>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<LinearLearner>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        var design = LinearProblem.DesignOf(data, context);
        LinearLoss Loss() => LinearProblem.LossOf(data.Target);
        var path = new PenaltyPath(design, Loss, data.Target.Task != TaskKind.Regression, L1Ratio, intercept: true, Cv, Math.Max(FewestTuningRows, TuningRows / data.Target.Schema.OutputCount));
        var penalty = path.Choose(context);
        var run = new NewtonRun(design, Loss(), design.Weights, intercept: true, lasso: L1Ratio > 0);
        if (path.Nearby is { } nearby) run.GoOnFrom(nearby);
        run.Solve(penalty, new(Tol, MaxIter), context);
        return LinearProblem.ModelOf(design, run.Loss, run.Coefficients);
    }
}
