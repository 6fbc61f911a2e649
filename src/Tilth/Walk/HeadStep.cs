using System.Globalization;
using Tilth.Data;
using Tilth.Honesty.Heads;
using Tilth.Models.Heads;

namespace Tilth.Walk;

/// <summary>What stands above the model, fitted on rows that it did not learn from, and the scored rows as that head sees them.</summary>
/// <param name="Head">Goes into the package.</param>
/// <param name="Scored">Calibrated by what was fitted without each row.</param>
/// <param name="Fit">The findings; null where no row was held back to fit on.</param>
internal sealed record HeadStep(Head Head, ScoredRows Scored, HeadFit? Fit)
{
    /// <summary>Fits the head.</summary>
    /// <param name="basis">Rows to fit on, or null if there are none.</param>
    /// <param name="scored">Rows that are scored; may be the same object.</param>
    /// <param name="goal">What decisions are made for, or null.</param>
    /// <param name="calibrate">False to leave probabilities as they are.</param>
    /// <param name="seed">Decides the folds.</param>
    /// <param name="decisions">Gets what was chosen.</param>
    public static HeadStep Of(ScoredRows? basis, ScoredRows scored, DecisionGoal? goal, bool calibrate, ulong seed, DecisionLog decisions)
    {
        var target = scored.Data.Target.Schema;
        if (basis is null) return new(Plain(target, goal, decisions), scored, null);
        var fit = HeadFit.Of(basis.Held, goal, calibrate, seed);
        double[] predictions = ReferenceEquals(basis, scored) ? fit.CrossFitted : [.. scored.Predictions];
        if (!ReferenceEquals(basis, scored)) fit.Head.Calibrate(predictions, target.OutputCount);
        double[][] divisions = [.. scored.Divisions.Predictions.Select(one => (double[])[.. one])];
        foreach (double[] one in divisions) fit.Head.Calibrate(one, target.OutputCount);
        Tell(fit, basis, decisions);
        return new(fit.Head, scored with { Predictions = predictions, Divisions = scored.Divisions with { Predictions = divisions } }, fit);
    }

    /// <summary>Without held rows the threshold is the one that right probabilities ask for.</summary>
    static Head Plain(TargetSchema target, DecisionGoal? goal, DecisionLog decisions)
    {
        HeadFit.Check(goal, target);
        var head = Head.For(target);
        if (goal is CostMatrix matrix)
        {
            if (target.Task == TaskKind.Multiclass) return head with { Rule = DecisionRule.LeastCost(matrix.Costs) };
            goal = matrix.ForTwo();
        }
        if (goal is not DecisionCosts costs)
        {
            if (goal is not null) decisions.Add("threshold", "0.5", "no rows were held back to choose another on");
            return head;
        }
        double threshold = costs.FalseAlarm / (costs.FalseAlarm + costs.Miss);
        decisions.Add("threshold", Say($"{threshold:0.###}"), "false alarm / (false alarm + miss); no rows were held back to choose it on");
        return head with { Rule = head.Rule with { Threshold = threshold } };
    }

    static void Tell(HeadFit fit, ScoredRows basis, DecisionLog decisions)
    {
        if (fit.Calibration is { } c)
            decisions.Add("calibration", c.Kind, Say($"log loss {c.Before:0.####} without, {c.After:0.####} with the best kind, each on {basis.From} rows that it was not fitted on; kept only where it helps by two standard errors"));
        if (fit.Costs is { } costs)
            decisions.Add("threshold", Say($"{costs.Threshold:0.###}"), Say($"a false alarm costs {costs.Costs.FalseAlarm:0.##}, a miss {costs.Costs.Miss:0.##}; mean cost of a row {costs.Cost.Value:0.####}, at 0.5 {costs.CostAtHalf:0.####}"));
        if (fit.Goal is { } goal)
            decisions.Add(double.IsNaN(goal.Threshold) ? "decision" : "threshold", double.IsNaN(goal.Threshold) ? "the class of the least expected cost" : Say($"{goal.Threshold:0.###}"),
                Say($"for {goal.Goal}: {goal.Value.Value:0.####} (95 %: {goal.Value.Lower:0.####} to {goal.Value.Upper:0.####}) on rows that it was not chosen on, {goal.Plain:0.####} without"));
        if (fit.Conformal is { } conformal)
            decisions.Add("intervals", string.Join(", ", conformal.Levels.Select(level => Say($"{level:P0}"))) + " coverage", Say($"conformal, from the errors of {conformal.Rows:N0} {basis.From} rows"));
    }

    static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
