using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners.Trees;
using Tilth.Models.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Oblivious;

/// <summary>
/// Chooses the pairs of categories that say more together than alone. CatBoost makes combinations while a tree grows; we choose
/// them once, by how much a pair's ordered statistic explains of what the single ones leave over.
/// </summary>
internal static class CategoryPairs
{
    const int MostRows = 20_000, Buckets = 32, MostCandidates = 2000;

    /// <param name="features">All rows.</param>
    /// <param name="categories">Categories that may be paired.</param>
    /// <param name="rows">The rows to look at.</param>
    /// <param name="target">Of the data.</param>
    /// <param name="most">At most so many pairs.</param>
    /// <param name="random">Draws rows and their order.</param>
    /// <param name="workers">Threads.</param>
    public static int[][] Of(FeatureMatrix features, int[] categories, int[] rows, Target target, int most, RandomSource random, WorkerPool workers)
    {
        if (categories.Length < 2 || most == 0) return [];
        if (rows.Length > MostRows) rows = [.. random.Choose(rows.Length, MostRows).Select(at => rows[at])];
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        random.Shuffle<int>(order);
        var statistics = new StatisticTarget(target, rows, null);
        var rest = new double[statistics.Outputs][];
        for (int k = 0; k < rest.Length; k++) rest[k] = Array.ConvertAll(statistics.Values[k], value => value - statistics.Means[k]);
        foreach (int category in categories)
        {
            var single = new TargetStatistics(CodedLevels.Of(features, [category], rows), statistics, [1]);
            for (int k = 0; k < rest.Length; k++) Explain(single, k, order, rest[k], subtract: true);
        }
        int[][] pairs = [.. categories.SelectMany((a, i) => categories[(i + 1)..].Select(b => (int[])[a, b]))
            .Where(pair => StatisticTable.Combinations(features.Map, pair) < 1L << 62)];
        if (pairs.Length > MostCandidates) pairs = [.. random.Choose(pairs.Length, MostCandidates).Select(at => pairs[at])];
        var gains = new double[pairs.Length];
        workers.For(pairs.Length, at =>
        {
            var both = new TargetStatistics(CodedLevels.Of(features, pairs[at], rows), statistics, [1]);
            for (int k = 0; k < rest.Length; k++) gains[at] += Explain(both, k, order, rest[k], subtract: false);
        });
        return [.. Enumerable.Range(0, pairs.Length).Where(at => gains[at] > 0).OrderByDescending(at => gains[at]).ThenBy(at => at).Take(most).Order().Select(at => pairs[at])];
    }

    /// <summary>How much of the rest the means over buckets of a statistic explain; takes it away if asked to.</summary>
    static double Explain(TargetStatistics statistics, int output, int[] order, double[] rest, bool subtract)
    {
        var numbers = new float[rest.Length];
        statistics.FillOrdered(output, order, numbers);
        var sorted = (float[])numbers.Clone();
        Array.Sort(sorted);
        float[] edges = [.. Enumerable.Range(1, Buckets - 1).Select(b => sorted[(int)((long)sorted.Length * b / Buckets)]).Distinct()];
        var sums = new double[edges.Length + 1];
        var counts = new int[edges.Length + 1];
        var bucketOf = new int[rest.Length];
        for (int i = 0; i < rest.Length; i++)
        {
            int found = Array.BinarySearch(edges, numbers[i]), bucket = bucketOf[i] = found < 0 ? ~found : found;
            sums[bucket] += rest[i];
            counts[bucket]++;
        }
        double gain = 0;
        for (int b = 0; b < sums.Length; b++) gain += sums[b] * sums[b] / (counts[b] + 1);
        if (subtract)
            for (int i = 0; i < rest.Length; i++) rest[i] -= sums[bucketOf[i]] / (counts[bucketOf[i]] + 1);
        return gain;
    }
}
