using Tilth.Data;
using Tilth.Models.Heads;

namespace Tilth.Honesty.Heads;

/// <summary>A head fitted on held rows.</summary>
/// <param name="Head">Calibrator, conformal quantiles, decision rule.</param>
/// <param name="CrossFitted">The held rows' predictions, each calibrated by what was fitted without it.</param>
/// <param name="Calibration">What calibration brought; null for numbers and few rows.</param>
/// <param name="Costs">What deciding by costs brings; null where no costs are told.</param>
/// <param name="Conformal">What the promised coverage costs; null for few rows.</param>
public sealed record HeadFit(Head Head, double[] CrossFitted, CalibrationFinding? Calibration, CostFinding? Costs, ConformalFinding? Conformal)
{
    /// <summary>Fits everything above the model.</summary>
    /// <param name="held">Rows that the model did not learn from.</param>
    /// <param name="costs">What wrong decisions cost, or null.</param>
    /// <param name="calibrate">False to leave probabilities as they are.</param>
    /// <param name="seed">Decides the folds.</param>
    /// <exception cref="LearningException">Costs are told for a target that is not binary, or are no costs.</exception>
    public static HeadFit Of(HeldRows held, DecisionCosts? costs, bool calibrate, ulong seed)
    {
        var target = held.Target.Schema;
        Check(costs, target);
        var (calibrator, calibration, crossFitted) = calibrate ? CalibrationChoice.Of(held, seed) : (null, null, held.Predictions);
        var calibrated = held with { Predictions = crossFitted };
        var conformal = ConformalFit.Of(calibrated, seed);
        var cost = costs is null ? null : CostThreshold.Of(calibrated, costs, seed);
        var head = Head.For(target) with { Calibrator = calibrator, Conformal = conformal?.Conformal };
        if (cost is not null) head = head with { Rule = head.Rule with { Threshold = cost.Threshold } };
        return new(head, crossFitted, calibration, cost, conformal?.Finding);
    }

    /// <summary>Refuses costs that do not fit.</summary>
    /// <exception cref="LearningException">They do not fit the target, or are no costs.</exception>
    public static void Check(DecisionCosts? costs, TargetSchema target)
    {
        if (costs is null) return;
        if (costs.Fault is { } fault) throw new LearningException("costs", fault);
        if (target.Task != TaskKind.Binary)
            throw new LearningException("costs-task", $"costs of misses and false alarms need a target of two classes, but '{target.Column}' is {target.Task.ToString().ToLowerInvariant()}");
    }
}
