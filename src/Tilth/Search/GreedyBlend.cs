using Tilth.Data;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Parallelism;

namespace Tilth.Search;

/// <summary>
/// Weights of a blend by greedy forward selection with replacement (Caruana et al., 2004): again and again the member that
/// improves the score most is added, and the best length of the sequence kept; the first step takes the best single member.
/// With few rows the selection is done on several random halves of them and the weights are averaged, which holds the choice
/// from fitting their noise.
/// </summary>
internal sealed class GreedyBlend(SearchData search, IReadOnlyList<double[]> members, WorkerPool workers)
{
    const int Steps = 25, Bags = 6, BaggedBelow = 5000, MostNumbers = 120_000, MostRows = 10_000, MostMembers = 24, Patience = 6;

    /// <summary>Weights that sum to 1, one a member.</summary>
    /// <param name="positions">The scored rows that may be read.</param>
    /// <param name="seed">Decides the halves.</param>
    public double[] Weights(int[] positions, ulong seed)
    {
        int[] chosen = Promising(positions);
        var random = new RandomSource(seed);
        int most = Math.Clamp(MostNumbers / search.Outputs, 2000, MostRows);
        if (positions.Length >= BaggedBelow) return NotWorse(Select(chosen, positions.Length <= most ? positions : Sample(positions, most, random)), positions, chosen);
        var mean = new double[members.Count];
        for (int bag = 0; bag < Bags; bag++)
        {
            double[] weights = Select(chosen, Sample(positions, Math.Max(1, positions.Length / 2), random.Child(bag)));
            for (int m = 0; m < mean.Length; m++) mean[m] += weights[m] / Bags;
        }
        return NotWorse(mean, positions, chosen);
    }

    /// <summary>The predictions of the blend for some of the scored rows.</summary>
    public double[] Predict(double[] weights, int[] positions)
    {
        var blend = new double[positions.Length * search.Outputs];
        for (int m = 0; m < members.Count; m++)
        {
            if (weights[m] == 0) continue;
            double[] one = search.Take(members[m], positions);
            for (int i = 0; i < blend.Length; i++) blend[i] += weights[m] * one[i];
        }
        return blend;
    }

    /// <summary>The weights, unless on the rows themselves the best single member beats them: then a plain selection, which cannot lose to it.</summary>
    double[] NotWorse(double[] weights, int[] positions, int[] chosen)
    {
        double single = search.Error(positions, search.Take(members[chosen[0]], positions));
        if (search.Error(positions, Predict(weights, positions)) <= single) return weights;
        if (positions.Length < BaggedBelow) return Select(chosen, positions);
        var alone = new double[members.Count];
        alone[chosen[0]] = 1;
        return alone;
    }

    static int[] Sample(int[] positions, int count, RandomSource random) => Array.ConvertAll(random.Choose(positions.Length, count), at => positions[at]);

    /// <summary>The best by score, best first, so that the selection's cost does not grow with the trials.</summary>
    int[] Promising(int[] positions)
    {
        var errors = new double[members.Count];
        workers.For(members.Count, m => errors[m] = search.Error(positions, search.Take(members[m], positions)));
        return [.. Enumerable.Range(0, members.Count).OrderBy(m => errors[m]).ThenBy(m => m).Take(MostMembers)];
    }

    double[] Select(int[] chosen, int[] positions)
    {
        double[][] own = [.. chosen.Select(m => search.Take(members[m], positions))];
        var scored = new Rows(search, positions);
        var sum = new double[positions.Length * search.Outputs];
        var counts = new int[chosen.Length];
        var (best, bestStep, bestCounts) = (double.PositiveInfinity, 1, new int[chosen.Length]);
        for (int step = 1; step <= Steps && step - bestStep <= Patience; step++)
        {
            var errors = new double[chosen.Length];
            int times = step;
            workers.For(chosen.Length, m =>
            {
                var blend = new double[sum.Length];
                for (int i = 0; i < blend.Length; i++) blend[i] = (sum[i] + own[m][i]) / times;
                errors[m] = scored.Error(blend);
            });
            // Equal scores go to a member that is already in: fewer models.
            int added = 0;
            for (int m = 1; m < chosen.Length; m++)
                if (errors[m] < errors[added] - 1e-9 || (errors[m] <= errors[added] + 1e-9 && counts[m] > 0 && counts[added] == 0)) added = m;
            counts[added]++;
            for (int i = 0; i < sum.Length; i++) sum[i] += own[added][i];
            if (errors[added] < best - 1e-12) (best, bestStep, bestCounts) = (errors[added], step, [.. counts]);
        }
        if (bestCounts.Sum() == 0) bestCounts[0] = 1;
        var weights = new double[members.Count];
        for (int m = 0; m < chosen.Length; m++) weights[chosen[m]] = (double)bestCounts[m] / bestCounts.Sum();
        return weights;
    }

    /// <summary>Some of the scored rows, with their target and weights taken once.</summary>
    sealed class Rows(SearchData search, int[] positions)
    {
        readonly Target target = search.Scored.Take(positions);
        readonly double[]? weights = search.Weights is { } all ? Array.ConvertAll(positions, at => all[at]) : null;

        public double Error(double[] predictions)
        {
            double value = search.Metric.Compute(new EvaluationData(target.Schema, target.Values, predictions, weights));
            return double.IsNaN(value) ? double.PositiveInfinity : search.Metric.Goal switch { MetricGoal.Maximize => -value, MetricGoal.Minimize => value, _ => Math.Abs(value) };
        }
    }
}
