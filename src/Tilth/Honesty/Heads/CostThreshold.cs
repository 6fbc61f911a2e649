using Tilth.Evaluation;
using Tilth.Statistics;

namespace Tilth.Honesty.Heads;

/// <summary>What deciding by costs brings, in the costs' unit for each row, on rows that the threshold was not chosen on.</summary>
/// <param name="Costs">What was told.</param>
/// <param name="Threshold">From this probability on a row is called positive.</param>
/// <param name="Cost">Mean cost of a row with it, with its 95 % interval.</param>
/// <param name="CostAtHalf">With a threshold of 0.5.</param>
/// <param name="CostOfAll">If every row is called positive.</param>
/// <param name="CostOfNone">If no row is.</param>
/// <param name="Saving">The cheaper of the last two - <paramref name="Cost"/>, with its 95 % interval.</param>
public sealed record CostFinding(DecisionCosts Costs, double Threshold, Interval Cost, double CostAtHalf, double CostOfAll, double CostOfNone, Interval Saving);

/// <summary>
/// The threshold of the smallest cost. For probabilities that are right it is false alarm / (false alarm + miss); the one that
/// was cheapest on held rows is taken instead where it is cheaper on rows that it was not chosen on.
/// </summary>
internal static class CostThreshold
{
    const int Folds = 5, Resamples = 300;

    public static CostFinding Of(HeldRows held, DecisionCosts costs, ulong seed)
    {
        double stated = costs.FalseAlarm / (costs.FalseAlarm + costs.Miss);
        int[] fold = held.Folds(Folds, seed);
        var chosen = new double[Folds];
        for (int f = 0; f < Folds; f++) chosen[f] = Cheapest(held.Take(HeldRows.RowsOf(fold, f, others: true)), costs, stated);
        double[] crossFitted = RowCosts(held, costs, row => chosen[fold[row]]), plain = RowCosts(held, costs, _ => stated);
        bool empirical = LogLoss.Mean(crossFitted, held) < LogLoss.Mean(plain, held);
        double[] used = empirical ? crossFitted : plain;
        double[] all = RowCosts(held, costs, _ => 0), none = RowCosts(held, costs, _ => 2);
        double ofAll = LogLoss.Mean(all, held), ofNone = LogLoss.Mean(none, held), cost = LogLoss.Mean(used, held);
        double[] cheaper = ofAll < ofNone ? all : none;

        var sample = new BootstrapSample(held.Count, held.Weights, held.Groups, seed);
        double[] costDrawn = new double[BootstrapSample.Count(held.Count, Resamples)], savingDrawn = new double[costDrawn.Length];
        for (int i = 0; i < costDrawn.Length; i++)
        {
            double[] weights = sample.Weights(i);
            double total = weights.Sum(), with = Dot(weights, used), without = Dot(weights, cheaper);
            (costDrawn[i], savingDrawn[i]) = (with / total, (without - with) / total);
        }
        double saving = Math.Min(ofAll, ofNone) - cost;
        var (low, high) = BootstrapSample.Limits(cost, costDrawn);
        var (least, most) = BootstrapSample.Limits(saving, savingDrawn);
        return new(costs, empirical ? Cheapest(held, costs, stated) : stated, new(cost, low, high), LogLoss.Mean(RowCosts(held, costs, _ => 0.5), held), ofAll, ofNone, new(saving, least, most));
    }

    /// <summary>The middle of the cheapest gap between predictions; of equals the one nearest to what costs state.</summary>
    static double Cheapest(HeldRows held, DecisionCosts costs, double stated)
    {
        int[] order = [.. Enumerable.Range(0, held.Count)];
        Array.Sort(Array.ConvertAll(order, row => held.Predictions[row]), order);
        double cost = 0, best, threshold = 0;
        for (int row = 0; row < held.Count; row++) cost += held.Target.Values[row] == 1 ? 0 : held.WeightOf(row) * costs.FalseAlarm;
        best = cost;
        for (int i = 0; i < order.Length; i++)
        {
            int row = order[i];
            cost += held.WeightOf(row) * (held.Target.Values[row] == 1 ? costs.Miss : -costs.FalseAlarm);
            double here = held.Predictions[row], next = i + 1 < order.Length ? held.Predictions[order[i + 1]] : 1;
            if (i + 1 < order.Length && next == here) continue;
            double middle = Math.Clamp((here + next) / 2, 0, 1);
            if (cost < best || (cost == best && Math.Abs(middle - stated) < Math.Abs(threshold - stated))) (best, threshold) = (cost, middle);
        }
        return threshold;
    }

    static double[] RowCosts(HeldRows held, DecisionCosts costs, Func<int, double> thresholdOf)
    {
        var cost = new double[held.Count];
        for (int row = 0; row < cost.Length; row++)
        {
            bool called = held.Predictions[row] >= thresholdOf(row), positive = held.Target.Values[row] == 1;
            cost[row] = called == positive ? 0 : called ? costs.FalseAlarm : costs.Miss;
        }
        return cost;
    }

    static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
