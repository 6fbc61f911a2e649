using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;

namespace Tilth.Learners.Linear;

/// <summary>
/// Poisson regression under a logarithmic link (McCullagh and Nelder, 1989), as scikit-learn's PoissonRegressor. The target must be
/// at least 0.
/// </summary>
public sealed record PoissonRegression : LogMeanRegression
{
    internal static LearnerEntry Entry { get; } = new("poisson_regression", "Poisson regression", new PoissonRegression(), Parameters,
        new() { Tasks = [TaskKind.Regression], TargetRange = TargetRange.NotNegative, ExactAttributions = true });

    /// <inheritdoc/>
    public override Model Fit(TrainingSet data, FitContext context) => Fit(data, context, new PoissonLoss(), TargetRange.NotNegative, "Poisson regression");
}
