using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Models.Trees;

/// <summary>Random trees of every shape over dense, category and sparse features, and random rows for them.</summary>
static class RandomTrees
{
    public static FeatureMap Map(int dense = 5, int[]? levels = null, int sparse = 4) => ContractData.MapOf(dense, levels ?? [3, 70, 300], sparse);

    public static TreeEnsemble Ensemble(FeatureMap map, int trees, int maxLeaves, ulong seed, int outputs = 1, bool vectorLeaves = false, bool mean = false, int distinct = 20)
    {
        var random = new RandomSource(seed);
        var made = Enumerable.Range(0, trees).Select(t =>
            Make(map, 1 + random.NextInt(maxLeaves), random, vectorLeaves ? 0 : t % outputs, vectorLeaves ? outputs : 1, distinct)).ToArray();
        var bases = Enumerable.Range(0, outputs).Select(_ => (long)random.NextInt(1 << 20) - (1 << 19)).ToArray();
        return new TreeEnsemble(made, bases, -24, mean, outputs > 1 ? Link.Softmax : Link.Logistic);
    }

    /// <summary>A tree of exactly <paramref name="leaves"/> leaves; its thresholds are among <paramref name="distinct"/> values a feature.</summary>
    public static Tree Make(FeatureMap map, int leaves, RandomSource random, int output = 0, int width = 1, int distinct = 20)
    {
        var draft = new Draft();
        Grow(draft, leaves, map, random, distinct);
        int nodes = leaves - 1;
        var leafCover = Enumerable.Range(0, leaves).Select(_ => 1.0 + random.NextInt(20)).ToArray();
        var nodeCover = new double[nodes];
        for (int n = nodes - 1; n >= 0; n--) nodeCover[n] = Cover(draft.Left[n]) + Cover(draft.Right[n]);
        double Cover(int child) => child < 0 ? leafCover[~child] : nodeCover[child];
        return new Tree
        {
            Feature = [.. draft.Feature], Threshold = [.. draft.Threshold], MissingLeft = [.. draft.MissingLeft],
            CategoryStart = [.. draft.CategoryStart], CategoryBits = [.. draft.Bits], Left = [.. draft.Left], Right = [.. draft.Right],
            NodeCover = nodeCover, LeafCover = leafCover, Output = output,
            LeafValues = [.. Enumerable.Range(0, leaves * width).Select(_ => random.NextInt(1 << 25) - (1 << 24))],
        };
    }

    sealed class Draft
    {
        public readonly List<int> Feature = [], CategoryStart = [], Left = [], Right = [];
        public readonly List<float> Threshold = [];
        public readonly List<bool> MissingLeft = [];
        public readonly List<ulong> Bits = [];
        public int Leaves;
    }

    static int Grow(Draft draft, int leaves, FeatureMap map, RandomSource random, int distinct)
    {
        if (leaves == 1) return ~draft.Leaves++;
        int node = draft.Feature.Count, feature = random.NextInt(map.Count);
        bool category = feature >= map.CategoryStart && feature < map.SparseStart;
        draft.Feature.Add(feature);
        draft.Threshold.Add(category ? 0 : (random.NextInt(distinct) - distinct / 2) * (4f / distinct));
        draft.MissingLeft.Add(random.NextInt(2) == 0);
        draft.CategoryStart.Add(category ? draft.Bits.Count : -1);
        if (category)
        {
            int levels = map.Categories[feature - map.CategoryStart].LevelCount, words = random.NextInt((levels + 63) / 64) + 1;
            draft.Bits.Add((ulong)words);
            for (int w = 0; w < words; w++) draft.Bits.Add(random.NextUInt64() & (levels - 64 * w >= 64 ? ulong.MaxValue : (1UL << (levels - 64 * w)) - 1));
        }
        draft.Left.Add(0);
        draft.Right.Add(0);
        int left = 1 + random.NextInt(leaves - 1);
        draft.Left[node] = Grow(draft, left, map, random, distinct);
        draft.Right[node] = Grow(draft, leaves - left, map, random, distinct);
        return node;
    }

    public static FeatureMatrix Rows(FeatureMap map, int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var dense = map.Dense.Select(_ => Enumerable.Range(0, rows).Select(_ => Number(random)).ToArray()).ToArray();
        var codes = map.Categories.Select(c => Enumerable.Range(0, rows).Select(_ => random.NextInt(c.LevelCount + 1) - 1).ToArray()).ToArray();
        var sparse = Enumerable.Range(0, rows).Select(_ => random.Choose(map.SparseWidth, random.NextInt(map.SparseWidth + 1))
            .Select(column => (column, (float)random.NextGaussian())).ToArray()).ToArray();
        return new FeatureMatrix(map, rows, dense, codes, map.SparseWidth == 0 ? null : ContractData.Csr(sparse, map.SparseWidth));
    }

    static float Number(RandomSource random) => random.NextInt(12) switch
    {
        0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, 3 => -0f,
        // On the grid of the thresholds, so that ties are tried.
        < 7 => (random.NextInt(20) - 10) * 0.2f,
        _ => (float)random.NextGaussian(),
    };
}
