using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>
/// Curves of a binary target on fixed grids, each point with a 95 % interval from resamples of the rows: ROC, precision and
/// recall, net benefit (Vickers and Elkin, 2006), cumulative gains.
/// </summary>
internal static class CurveBands
{
    const int RocSteps = 40, RecallSteps = 40, ThresholdSteps = 49, GainSteps = 20, Resamples = 200;
    const int RecallAt = RocSteps + 1, ThresholdAt = RecallAt + RecallSteps, GainAt = ThresholdAt + ThresholdSteps, Size = GainAt + GainSteps;

    /// <summary>The curves with their bands; as they are where only one class was seen.</summary>
    public static ProbabilityCurves Add(ProbabilityCurves curves, EvaluationData data, EvaluationOptions options)
    {
        int[] order = [.. data.OrderOf(0).Reverse()];
        double[] value = Trace(data, order, data.Weights);
        if (value.Length == 0) return curves;
        var sample = new BootstrapSample(data.RowCount, data.Weights, options.Groups, options.Seed);
        var drawn = new double[BootstrapSample.Count(data.RowCount, Math.Min(Resamples, options.Resamples))][];
        options.Workers.For(drawn.Length, i => drawn[i] = Trace(data, order, sample.Weights(i)));
        drawn = [.. drawn.Where(one => one.Length > 0)];
        BandPoint[] Band(int at, int count, Func<int, double> x) => [.. Enumerable.Range(0, count).Select(i =>
        {
            var (low, high) = BootstrapSample.Limits(value[at + i], drawn.Select(one => one[at + i]));
            return new BandPoint(x(i), value[at + i], low, high);
        })];
        return curves with
        {
            RocBand = Band(0, RocSteps + 1, i => (double)i / RocSteps), RecallBand = Band(RecallAt, RecallSteps, i => (i + 1.0) / RecallSteps),
            NetBenefit = Band(ThresholdAt, ThresholdSteps, Threshold), Gains = Band(GainAt, GainSteps, i => (i + 1.0) / GainSteps),
        };
    }

    static double Threshold(int i) => (i + 1) * 0.02;

    /// <summary>All curves of the rows with the given weights, one after the other; empty if only one class has weight.</summary>
    static double[] Trace(EvaluationData data, int[] order, double[]? weights)
    {
        double WeightOf(int row) => weights is null ? 1 : weights[row];
        double positives = 0, negatives = 0;
        foreach (int row in order)
            if (data.Targets[row] == 1) positives += WeightOf(row);
            else negatives += WeightOf(row);
        if (positives == 0 || negatives == 0) return [];
        var at = new double[Size];
        int roc = 0, recall = 0, threshold = ThresholdSteps - 1, gain = 0;
        double hits = 0, misses = 0, total = positives + negatives;
        for (int i = 0; i < order.Length;)
        {
            double score = data.Predictions[order[i]], hitsBefore = hits, missesBefore = misses;
            for (; threshold >= 0 && score < Threshold(threshold); threshold--) at[ThresholdAt + threshold] = Benefit(hits, misses, threshold);
            for (; i < order.Length && data.Predictions[order[i]] == score; i++)
                if (data.Targets[order[i]] == 1) hits += WeightOf(order[i]);
                else misses += WeightOf(order[i]);
            // Between two thresholds, which parts of rows of equal score lie in is left to chance: a straight line.
            for (; roc <= RocSteps && (double)roc / RocSteps * negatives <= misses; roc++)
                at[roc] = (hitsBefore + (hits - hitsBefore) * Part((double)roc / RocSteps * negatives, missesBefore, misses)) / positives;
            for (; recall < RecallSteps && (recall + 1.0) / RecallSteps * positives <= hits * (1 + 1e-12); recall++) at[RecallAt + recall] = hits / (hits + misses);
            for (; gain < GainSteps && (gain + 1.0) / GainSteps * total <= (hits + misses) * (1 + 1e-12); gain++)
                at[GainAt + gain] = (hitsBefore + (hits - hitsBefore) * Part((gain + 1.0) / GainSteps * total, hitsBefore + missesBefore, hits + misses)) / positives;
        }
        for (; threshold >= 0; threshold--) at[ThresholdAt + threshold] = Benefit(hits, misses, threshold);
        for (; roc <= RocSteps; roc++) at[roc] = 1;
        return at;

        // What is found less what is falsely called, which counts as much as the threshold says it is worth.
        double Benefit(double found, double alarms, int step) => (found - alarms * Threshold(step) / (1 - Threshold(step))) / total;
    }

    static double Part(double goal, double before, double after) => after > before ? Math.Clamp((goal - before) / (after - before), 0, 1) : 1;
}
