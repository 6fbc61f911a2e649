using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Honesty.Heads;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;

namespace Tilth.Walk;

/// <summary>Rows with predictions of models that did not learn from them.</summary>
/// <param name="Data">Where the rows lie.</param>
/// <param name="Rows">Row numbers there, ascending.</param>
/// <param name="Predictions">Rows x outputs.</param>
/// <param name="From">Which rows these are, for the report.</param>
internal sealed record ScoredRows(TrainingTable Data, int[] Rows, double[] Predictions, string From)
{
    /// <summary>Each division into folds on its own, where the rows were foreseen under several.</summary>
    public Divisions Divisions { get; init; } = Divisions.None;

    public static ScoredRows Test(TrainingTable test, Node node)
        => new(test, [.. Enumerable.Range(0, test.RowCount)], node.Predict(test.Table), "test file");

    public static ScoredRows Sealed(TrainingTable data, int[] rows, Node node)
        => new(data, rows, node.Predict(data.Table.Take(rows)), "sealed hold-out");

    public static ScoredRows OutOfFold(TrainingTable data, OutOfFold predicted)
        => new(data, predicted.Rows, predicted.Predictions, EvaluationOptions.OutOfFold) { Divisions = predicted.Divisions };

    /// <summary>The same as what a head is fitted on.</summary>
    public HeldRows Held => new(Data.Target.Take(Rows), Predictions, Data.WeightsOf(Rows), Data.KeysOf(Rows).Groups);

    /// <summary>All metrics with intervals.</summary>
    /// <param name="rule">How decisions are made.</param>
    /// <param name="baseline">What the trivial baseline foresees, from the rows that were learned from.</param>
    /// <param name="context">Seed and threads.</param>
    public Evaluation.Evaluation Evaluate(double[] baseline, DecisionRule rule, FitContext context)
    {
        var target = Data.Target.Take(Rows);
        var options = new EvaluationOptions
        {
            RowsFrom = From, Weights = Data.WeightsOf(Rows), Groups = Data.KeysOf(Rows).Groups, Baseline = baseline, Threshold = rule.Threshold, Costs = CostsOf(rule),
            Seed = context.Seed, Workers = context.Workers,
        };
        var measured = TrainingSpread.Add(Evaluator.Evaluate(target, Predictions, options), target, Divisions, options);
        return FoldMeanGain.Add(measured, target, Divisions, options.Weights);
    }

    internal static double[]? CostsOf(DecisionRule rule) => rule.Kind == DecisionKind.LeastCost ? rule.Costs.ToArray() : null;
}
