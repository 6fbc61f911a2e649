using Tilth.Evaluation;
using Tilth.Metrics;
using Tilth.Models.Heads;
using Tilth.Statistics;

namespace Tilth.Honesty.Heads;

/// <summary>What deciding for a goal brings, on rows that the threshold was not chosen on.</summary>
/// <param name="Goal">"capacity", "cost matrix", or a metric's name.</param>
/// <param name="Threshold">From this probability on a row is called positive; NaN for more classes.</param>
/// <param name="Value">Capacity: share of the positives that is found. Cost matrix: mean cost of a row. Metric: its value. With its 95 % interval.</param>
/// <param name="Plain">Capacity: what drawing the same number of rows blindly finds. Cost matrix: cost of naming the most probable class. Metric: its value at 0.5.</param>
/// <param name="Gain">Capacity and metric: <paramref name="Value"/> - <paramref name="Plain"/>. Cost matrix: what is saved against always naming the cheapest class. With its 95 % interval.</param>
public sealed record GoalFinding(string Goal, double Threshold, Interval Value, double Plain, Interval Gain);

/// <summary>Finds the decision rule that serves a goal best, on rows that the model did not learn from.</summary>
internal static class GoalFit
{
    const int Folds = 5, Resamples = 300, Candidates = 200;

    public const string Capacity = "capacity", Matrix = "cost matrix";

    public static (DecisionRule Rule, CostFinding? Costs, GoalFinding? Goal) Of(HeldRows held, DecisionGoal goal, DecisionRule plain, ulong seed)
    {
        switch (goal)
        {
            case CostMatrix matrix when held.Outputs == 1: return Of(held, matrix.ForTwo(), plain, seed);
            case DecisionCosts costs:
                var cost = CostThreshold.Of(held, costs, seed);
                return (plain with { Threshold = cost.Threshold }, cost, null);
            case CostMatrix matrix: return (DecisionRule.LeastCost(matrix.Costs), null, OfMatrix(held, matrix, seed));
            case DecisionCapacity capacity:
                var top = OfThreshold(held, Capacity, rows => TopShare(rows, capacity.Share), MetricCatalog.Find("recall"), seed, plain: capacity.Share);
                return (plain with { Threshold = top.Threshold }, null, top);
            case DecisionMetricGoal { Metric: var name }:
                var metric = MetricCatalog.Find(name);
                var best = OfThreshold(held, name, rows => Best(rows, metric), metric, seed);
                return (plain with { Threshold = best.Threshold }, null, best);
            default: throw new ArgumentException($"no rule serves a goal of the kind {goal.GetType().Name}");
        }
    }

    /// <summary>Each fold is called at the threshold that the other folds choose; the metric is of these calls.</summary>
    static GoalFinding OfThreshold(HeldRows held, string goal, Func<HeldRows, double> choose, Metric metric, ulong seed, double plain = double.NaN)
    {
        int[] fold = held.Folds(Folds, seed);
        var chosen = new double[Folds];
        for (int f = 0; f < Folds; f++) chosen[f] = choose(held.Take(HeldRows.RowsOf(fold, f, others: true)));
        double[] called = [.. Enumerable.Range(0, held.Count).Select(row => held.Predictions[row] >= chosen[fold[row]] ? 1.0 : 0)];
        EvaluationData with = new(held.Target.Schema, held.Target.Values, called, held.Weights), half = new(held.Target.Schema, held.Target.Values, held.Predictions, held.Weights);
        double value = metric.Compute(with), other = double.IsNaN(plain) ? metric.Compute(half) : plain;
        var sample = new BootstrapSample(held.Count, held.Weights, held.Groups, seed);
        double[] drawn = new double[BootstrapSample.Count(held.Count, Resamples)], gains = new double[drawn.Length];
        for (int i = 0; i < drawn.Length; i++)
        {
            double[] weights = sample.Weights(i);
            drawn[i] = metric.Compute(with.WithWeights(weights));
            gains[i] = drawn[i] - (double.IsNaN(plain) ? metric.Compute(half.WithWeights(weights)) : plain);
        }
        return new(goal, choose(held), Limited(value, drawn), other, Limited(value - other, gains));
    }

    static double TopShare(HeldRows held, double share)
    {
        int[] order = [.. Enumerable.Range(0, held.Count).OrderByDescending(row => held.Predictions[row])];
        double total = order.Sum(held.WeightOf), called = 0;
        for (int i = 0; i < order.Length; i++)
            if ((called += held.WeightOf(order[i])) > share * total)
                return i == 0 ? Math.Min(1, Math.BitIncrement(held.Predictions[order[0]])) : Between(held.Predictions[order[i]], held.Predictions[order[i - 1]]);
        return held.Predictions[order[^1]];
    }

    /// <summary>The middle of the gap; of equal predictions, all stay out rather than too many in.</summary>
    static double Between(double below, double above) => below < above ? (below + above) / 2 : Math.Min(1, Math.BitIncrement(above));

    /// <summary>The best of the middles between neighbouring predictions, at most 200 of them spread over the rows; of equals the one nearest to 0.5.</summary>
    static double Best(HeldRows held, Metric metric)
    {
        double[] scores = [.. held.Predictions.Distinct().Order()];
        int step = Math.Max(1, scores.Length / Candidates);
        double best = 0.5, value = ValueAt(held, metric, 0.5);
        for (int i = 0; i + 1 < scores.Length; i += step)
        {
            double threshold = (scores[i] + scores[i + 1]) / 2, here = ValueAt(held, metric, threshold);
            if (metric.IsBetter(here, value) || (here == value && Math.Abs(threshold - 0.5) < Math.Abs(best - 0.5))) (best, value) = (threshold, here);
        }
        return best;
    }

    static double ValueAt(HeldRows held, Metric metric, double threshold)
        => metric.Compute(new EvaluationData(held.Target.Schema, held.Target.Values, held.Predictions, held.Weights, threshold));

    /// <summary>Right probabilities make the decision, so nothing is chosen on these rows.</summary>
    static GoalFinding OfMatrix(HeldRows held, CostMatrix matrix, ulong seed)
    {
        int classes = held.Outputs;
        var least = DecisionRule.LeastCost(matrix.Costs);
        double CostOf(int row, int called) => matrix.Costs[(int)held.Target.Values[row] * classes + called];
        double[] RowCosts(Func<int, int> call) => [.. Enumerable.Range(0, held.Count).Select(row => CostOf(row, call(row)))];
        var argmax = new DecisionRule(DecisionKind.Argmax);
        double[] used = RowCosts(row => least.Decide(held.Predictions.AsSpan(row * classes, classes)));
        double[] likeliest = RowCosts(row => argmax.Decide(held.Predictions.AsSpan(row * classes, classes)));
        double[] constant = Enumerable.Range(0, classes).Select(k => RowCosts(_ => k)).MinBy(costs => LogLoss.Mean(costs, held))!;
        var sample = new BootstrapSample(held.Count, held.Weights, held.Groups, seed);
        double[] costDrawn = new double[BootstrapSample.Count(held.Count, Resamples)], savingDrawn = new double[costDrawn.Length];
        for (int i = 0; i < costDrawn.Length; i++)
        {
            double[] weights = sample.Weights(i);
            double total = weights.Sum();
            for (int row = 0; row < weights.Length; row++)
            {
                costDrawn[i] += weights[row] * used[row] / total;
                savingDrawn[i] += weights[row] * (constant[row] - used[row]) / total;
            }
        }
        double cost = LogLoss.Mean(used, held);
        return new(Matrix, double.NaN, Limited(cost, costDrawn), LogLoss.Mean(likeliest, held), Limited(LogLoss.Mean(constant, held) - cost, savingDrawn));
    }

    static Interval Limited(double value, double[] drawn)
    {
        var (low, high) = BootstrapSample.Limits(value, drawn);
        return new(value, low, high);
    }
}
