using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;

namespace Tilth.Learners.Linear;

/// <summary>
/// Gamma regression under a logarithmic link (McCullagh and Nelder, 1989), as scikit-learn's GammaRegressor. The target must be
/// above 0.
/// </summary>
public sealed record GammaRegression : LogMeanRegression
{
    internal static LearnerEntry Entry { get; } = new("gamma_regression", "Gamma regression", new GammaRegression(), Parameters,
        new() { Tasks = [TaskKind.Regression], TargetRange = TargetRange.Positive, ExactAttributions = true });

    /// <inheritdoc/>
    public override Model Fit(TrainingSet data, FitContext context) => Fit(data, context, new GammaLoss(), TargetRange.Positive, "Gamma regression");
}
