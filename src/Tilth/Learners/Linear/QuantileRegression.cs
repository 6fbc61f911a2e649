using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>
/// Regression of a quantile (Koenker and Bassett, 1978): sum w pinball(y - Xb) / sum w + alpha |b|_1, as scikit-learn's
/// QuantileRegressor. Instead of a linear program, the corner of the loss is rounded over a width that shrinks from stage to
/// stage, each started at the last one's end (Chen, 2007), down to 1e-9 of the target's spread.
/// </summary>
public sealed record QuantileRegression : ISupervisedLearner
{
    const int Stages = 16;
    const double Shrinkage = 0.25;

    /// <summary>The quantile, between 0 and 1.</summary>
    public double Quantile { get; init; } = 0.5;

    /// <summary>Strength of the L1 penalty, at least 0; scikit-learn's default is 1, which leaves little of most models.</summary>
    public double Alpha { get; init; }

    /// <summary>Whether a constant is fitted.</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>Most Newton steps of each of the stages.</summary>
    public int MaxIter { get; init; } = 100;

    /// <summary>How small the largest slope must become, relative to that of the constant model.</summary>
    public double Tol { get; init; } = 1e-6;

    /// <inheritdoc/>
    public PreparationNeeds Needs => LinearNeeds.Default;

    internal static LearnerEntry Entry { get; } = new("quantile_regression", "Quantile regression", new QuantileRegression(),
    [
        Parameter.Real<QuantileRegression>("quantile", l => l.Quantile, (l, v) => l with { Quantile = v }, 0.0001, 0.9999,
            "The quantile that is foreseen; 0.5 is the median."),
        Parameter.Real<QuantileRegression>("alpha", l => l.Alpha, (l, v) => l with { Alpha = v }, 0, 1e12,
            "Strength of the L1 penalty; 0 is none.", (1e-6, 1), ParameterScale.Log),
        Parameter.Flag<QuantileRegression>("fit_intercept", l => l.FitIntercept, (l, v) => l with { FitIntercept = v }, "Whether a constant is fitted."),
        Parameter.Integer<QuantileRegression>("max_iter", l => l.MaxIter, (l, v) => l with { MaxIter = v }, 1, 100_000, LinearNeeds.MaxIterHelp),
        Parameter.Real<QuantileRegression>("tol", l => l.Tol, (l, v) => l with { Tol = v }, 1e-14, 1, LinearNeeds.TolHelp),
    ], new() { Tasks = [TaskKind.Regression], ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        var design = LinearProblem.DesignOf(data, context);
        double width = Spread(design);
        var run = new NewtonRun(design, new RoundedQuantileLoss(Quantile, width), design.Weights, FitIntercept, lasso: Alpha > 0);
        for (int stage = 0; stage < Stages && !(stage > 0 && context.ShouldFinish); stage++, width *= Shrinkage)
        {
            run.ChangeLoss(new RoundedQuantileLoss(Quantile, width));
            run.Solve(new(Alpha * design.TotalWeight, 0), new(stage < Stages - 1 ? 1e-3 : Tol, MaxIter), context);
        }
        return LinearProblem.ModelOf(design, run.Loss, run.Coefficients);
    }

    /// <summary>The mean distance of the target from its mean.</summary>
    static double Spread(Design design)
    {
        double mean = 0, spread = 0;
        for (int i = 0; i < design.Rows; i++) mean += design.Weights[i] * design.Target[i] / design.TotalWeight;
        for (int i = 0; i < design.Rows; i++) spread += design.Weights[i] * Math.Abs(design.Target[i] - mean) / design.TotalWeight;
        return spread > 0 ? spread : 1;
    }
}
