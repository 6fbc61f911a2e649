using Tilth.Data;
using Tilth.Models.Heads;

namespace Tilth.Honesty.Heads;

/// <summary>A head fitted on held rows.</summary>
/// <param name="Head">Calibrator, conformal quantiles, decision rule.</param>
/// <param name="CrossFitted">The held rows' predictions, each calibrated by what was fitted without it.</param>
/// <param name="Calibration">What calibration brought; null for numbers and few rows.</param>
/// <param name="Costs">What deciding by costs brings; null where no costs are told.</param>
/// <param name="Goal">What deciding by a capacity, a cost matrix or a metric brings; null where none is told.</param>
/// <param name="Conformal">What the promised coverage costs; null for few rows.</param>
public sealed record HeadFit(Head Head, double[] CrossFitted, CalibrationFinding? Calibration, CostFinding? Costs, GoalFinding? Goal, ConformalFinding? Conformal)
{
    /// <summary>Fits everything above the model.</summary>
    /// <param name="held">Rows that the model did not learn from.</param>
    /// <param name="goal">What decisions are made for, or null.</param>
    /// <param name="calibrate">False to leave probabilities as they are.</param>
    /// <param name="seed">Decides the folds.</param>
    /// <exception cref="LearningException">The goal does not fit the target, or is none.</exception>
    public static HeadFit Of(HeldRows held, DecisionGoal? goal, bool calibrate, ulong seed)
    {
        var target = held.Target.Schema;
        Check(goal, target);
        var (calibrator, calibration, crossFitted) = calibrate ? CalibrationChoice.Of(held, seed) : (null, null, held.Predictions);
        var calibrated = held with { Predictions = crossFitted };
        var conformal = ConformalFit.Of(calibrated, seed);
        var head = Head.For(target) with { Calibrator = calibrator, Conformal = conformal?.Conformal };
        if (goal is null) return new(head, crossFitted, calibration, null, null, conformal?.Finding);
        var (rule, costs, found) = GoalFit.Of(calibrated, goal, head.Rule, seed);
        return new(head with { Rule = rule }, crossFitted, calibration, costs, found, conformal?.Finding);
    }

    /// <summary>Refuses a goal that does not fit.</summary>
    /// <exception cref="LearningException">It does not fit the target, or is none.</exception>
    public static void Check(DecisionGoal? goal, TargetSchema target)
    {
        if (goal is CostMatrix { Costs.Count: 4 } two && target.Task == TaskKind.Binary) goal = two.ForTwo();
        if (goal?.FaultFor(target) is { } fault) throw new LearningException("decision-goal", fault);
    }
}
