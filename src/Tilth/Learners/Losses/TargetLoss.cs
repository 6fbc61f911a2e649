using Tilth.Data;

namespace Tilth.Learners.Losses;

/// <summary>What boosting minimises for a regression target; classes always have their log loss.</summary>
public enum BoostingObjective
{
    /// <summary>Squared error.</summary>
    Squared,
    /// <summary>Absolute error.</summary>
    Absolute,
    /// <summary>Squared up to a distance, absolute beyond.</summary>
    Huber,
    /// <summary>Pinball loss of one quantile.</summary>
    Quantile,
    /// <summary>Counts: log of the mean.</summary>
    Poisson,
    /// <summary>Positive amounts: log of the mean.</summary>
    Gamma,
    /// <summary>Amounts of which many are zero: log of the mean.</summary>
    Tweedie,
}

/// <summary>The loss that a target asks for.</summary>
internal static class TargetLoss
{
    /// <summary>Classes have their log loss, whatever the objective.</summary>
    public static IBoostingLoss Of(Target target, BoostingObjective objective, double huberDelta = 1, double quantile = 0.5, double tweediePower = 1.5)
    {
        if (target.Task == TaskKind.Binary) return new LogisticLoss();
        if (target.Task == TaskKind.Multiclass) return new SoftmaxLoss(target.ClassCount);
        return objective switch
        {
            BoostingObjective.Absolute => new QuantileLoss(0.5, "absolute_error"),
            BoostingObjective.Huber => new HuberLoss(huberDelta),
            BoostingObjective.Quantile => new QuantileLoss(quantile, "pinball"),
            BoostingObjective.Poisson => new LogMeanLoss(1, "poisson"),
            BoostingObjective.Gamma => new LogMeanLoss(2, "gamma"),
            BoostingObjective.Tweedie => new LogMeanLoss(tweediePower, "tweedie"),
            _ => new SquaredLoss(),
        };
    }
}
