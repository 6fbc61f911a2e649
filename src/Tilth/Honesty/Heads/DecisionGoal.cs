using Tilth.Data;
using Tilth.Metrics;

namespace Tilth.Honesty.Heads;

/// <summary>What decisions are made for: the least cost, the best use of a capacity, or the best value of a metric.</summary>
public abstract record DecisionGoal
{
    /// <summary>What is wrong with it for a target, or null.</summary>
    internal abstract string? FaultFor(TargetSchema target);

    private protected static string? NotBinary(string what, TargetSchema target) => target.Task == TaskKind.Binary ? null
        : $"{what} need a target of two classes, but '{target.Column}' is {target.Task.ToString().ToLowerInvariant()}";
}

/// <summary>What wrong decisions of a binary target cost, in any unit.</summary>
/// <param name="FalseAlarm">A row that is called positive and is not; at least 0.</param>
/// <param name="Miss">A positive row that is not called so; at least 0.</param>
public sealed record DecisionCosts(double FalseAlarm, double Miss) : DecisionGoal
{
    internal override string? FaultFor(TargetSchema target)
        => !(FalseAlarm >= 0 && Miss >= 0 && FalseAlarm + Miss > 0 && double.IsFinite(FalseAlarm + Miss))
            ? $"costs must be numbers from 0 up and not both 0, but a false alarm costs {FalseAlarm} and a miss {Miss}"
            : NotBinary("costs of misses and false alarms", target);
}

/// <summary>What it costs to call a row of class i class j; calling it what it is may cost, or bring (below 0), something too.</summary>
/// <param name="Costs">classes x classes, row by row in the order of the target's classes: true class, then called class.</param>
public sealed record CostMatrix(IReadOnlyList<double> Costs) : DecisionGoal
{
    internal override string? FaultFor(TargetSchema target)
    {
        int classes = target.Classes.Count;
        if (target.Task == TaskKind.Regression) return $"a cost matrix needs classes, but '{target.Column}' is regression";
        if (Costs.Count != classes * classes) return $"a cost matrix of {classes} classes has {classes * classes} numbers, not {Costs.Count}";
        return Costs.All(double.IsFinite) ? null : "a cost matrix holds finite numbers only";
    }

    /// <summary>The same for two classes as the two costs of being wrong, each above being right.</summary>
    internal DecisionCosts ForTwo() => new(Costs[1] - Costs[0], Costs[2] - Costs[3]);
}

/// <summary>There are hands for a share of the rows only: those with the highest probabilities are called.</summary>
/// <param name="Share">Above 0 and below 1.</param>
public sealed record DecisionCapacity(double Share) : DecisionGoal
{
    internal override string? FaultFor(TargetSchema target)
        => Share is > 0 and < 1 ? NotBinary("capacities", target) : $"a capacity is a share of the rows above 0 and below 1, but is {Share}";
}

/// <summary>The threshold at which a metric of decisions is best.</summary>
/// <param name="Metric">Its name in the catalogue: f1, mcc, balanced_accuracy, accuracy.</param>
public sealed record DecisionMetricGoal(string Metric) : DecisionGoal
{
    internal override string? FaultFor(TargetSchema target)
    {
        var metric = MetricCatalog.Find(Metric);
        if (metric.Needs != MetricNeeds.Decisions) return $"'{Metric}' does not depend on where decisions are made; those that do are f1, mcc, balanced_accuracy and accuracy";
        return Metric is "precision" or "recall" or "specificity" ? $"'{Metric}' alone is best where all rows, or none, are called; choose f1, mcc or balanced_accuracy, or say costs" : NotBinary("thresholds", target);
    }
}
