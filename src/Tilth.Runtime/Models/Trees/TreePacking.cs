using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models.Trees;

/// <summary>
/// How a <see cref="TreeEnsemble"/> stands in a package: the nodes of all trees one after the other, in a few long arrays.
/// Children are not stored; <see cref="TreeShape"/> derives them, so that no bytes can make a cycle.
/// </summary>
internal static class TreePacking
{
    const int MaxTrees = 1 << 20, MaxOutputs = 1 << 16, MaxLeaves = 1 << 28;

    // Bits of a node's flags.
    const byte MissingLeft = 1, LeftIsLeaf = 2, RightIsLeaf = 4, IsCategory = 8;

    public static void Pack(TreeEnsemble ensemble, PartWriter writer)
    {
        var trees = ensemble.Trees;
        writer.Choice("link", ensemble.Link);
        writer.Flag("mean", ensemble.IsMean);
        writer.Int("scaleExponent", ensemble.ScaleExponent);
        writer.Array("bases", ensemble.Bases);
        writer.Array<int>("leafCounts", Array.ConvertAll(trees, tree => tree.LeafCount));
        writer.Array<int>("outputs", Array.ConvertAll(trees, tree => tree.LeafValues.Length == tree.LeafCount ? tree.Output : -1));
        writer.Array<byte>("flags", Concat(trees, FlagsOf));
        writer.Array<int>("features", Concat(trees, tree => tree.Feature));
        writer.Array<float>("thresholds", Concat(trees, tree => tree.Threshold));
        writer.Array<ulong>("categorySets", Concat(trees, SetsOf));
        writer.Array<double>("nodeCovers", Concat(trees, tree => tree.NodeCover));
        writer.Array<double>("leafCovers", Concat(trees, tree => tree.LeafCover));
        writer.Array<int>("leafValues", Concat(trees, tree => tree.LeafValues));
    }

    static T[] Concat<T>(Tree[] trees, Func<Tree, T[]> part) => [.. trees.SelectMany(part)];

    static byte[] FlagsOf(Tree tree)
    {
        var flags = new byte[tree.Feature.Length];
        for (int n = 0; n < flags.Length; n++)
            flags[n] = (byte)((tree.MissingLeft[n] ? MissingLeft : 0) | (tree.Left[n] < 0 ? LeftIsLeaf : 0)
                | (tree.Right[n] < 0 ? RightIsLeaf : 0) | (tree.CategoryStart[n] >= 0 ? IsCategory : 0));
        return flags;
    }

    static ulong[] SetsOf(Tree tree)
    {
        var words = new List<ulong>();
        foreach (int start in tree.CategoryStart)
            if (start >= 0) words.AddRange(tree.CategoryBits.AsSpan(start, 1 + (int)tree.CategoryBits[start]));
        return [.. words];
    }

    /// <exception cref="PackageFormatException">The part is not an ensemble over the features of the map.</exception>
    public static TreeEnsemble Unpack(PartReader reader, FeatureMap map)
    {
        long[] bases = reader.Array<long>("bases", 1, MaxOutputs);
        foreach (long start in bases)
            if (start is < -(1L << 61) or > 1L << 61) throw reader.Wrong("bases", $"holds {start}, outside the range of a score");
        int[] leafCounts = reader.Array<int>("leafCounts", 1, MaxTrees);
        int[] outputs = reader.Array<int>("outputs", leafCounts.Length, leafCounts.Length);
        long leaves = 0, values = 0;
        for (int t = 0; t < leafCounts.Length; t++)
        {
            if (leafCounts[t] < 1) throw reader.Wrong("leafCounts", $"gives tree {t} {leafCounts[t]} leaves");
            if (outputs[t] < -1 || outputs[t] >= bases.Length) throw reader.Wrong("outputs", $"lets tree {t} add to output {outputs[t]} of {bases.Length}");
            leaves += leafCounts[t];
            values += outputs[t] < 0 ? (long)leafCounts[t] * bases.Length : leafCounts[t];
        }
        if (leaves > MaxLeaves || values > MaxLeaves) throw reader.Wrong("leafCounts", $"adds up to {leaves} leaves with {values} values, more than {MaxLeaves}");
        var packed = Packed.Read(reader, (int)leaves - leafCounts.Length, (int)leaves, (int)values);
        var trees = new Tree[leafCounts.Length];
        for (int t = 0; t < trees.Length; t++) trees[t] = packed.Next(leafCounts[t], outputs[t], bases.Length, map);
        packed.CheckAllSetsUsed();
        int scaleExponent = reader.Int("scaleExponent", -1000, 1000);
        return new TreeEnsemble(trees, bases, scaleExponent, reader.Flag("mean"), reader.Choice<Link>("link"));
    }

    /// <summary>The long arrays, cut into trees from their start to their end.</summary>
    sealed class Packed
    {
        required public PartReader Reader { get; init; }
        required public byte[] Flags { get; init; }
        required public int[] Features { get; init; }
        required public float[] Thresholds { get; init; }
        required public ulong[] CategorySets { get; init; }
        required public double[] NodeCovers { get; init; }
        required public double[] LeafCovers { get; init; }
        required public int[] LeafValues { get; init; }

        int node, leaf, value, set;

        public static Packed Read(PartReader reader, int nodes, int leaves, int values)
        {
            var packed = new Packed
            {
                Reader = reader,
                Flags = reader.Array<byte>("flags", nodes, nodes),
                Features = reader.Array<int>("features", nodes, nodes),
                Thresholds = reader.Array<float>("thresholds", nodes, nodes),
                CategorySets = reader.Array<ulong>("categorySets", 0, int.MaxValue),
                NodeCovers = reader.Array<double>("nodeCovers", nodes, nodes),
                LeafCovers = reader.Array<double>("leafCovers", leaves, leaves),
                LeafValues = reader.Array<int>("leafValues", values, values),
            };
            foreach (float threshold in packed.Thresholds)
                if (float.IsNaN(threshold)) throw reader.Wrong("thresholds", "holds NaN");
            packed.CheckCovers("nodeCovers", packed.NodeCovers);
            packed.CheckCovers("leafCovers", packed.LeafCovers);
            return packed;
        }

        void CheckCovers(string name, double[] covers)
        {
            foreach (double cover in covers)
                if (!(cover >= 0 && double.IsFinite(cover))) throw Reader.Wrong(name, $"holds {cover}, not a weight");
        }

        public Tree Next(int leafCount, int output, int outputCount, FeatureMap map)
        {
            int nodes = leafCount - 1, width = output < 0 ? outputCount : 1;
            var flags = Flags.AsSpan(node, nodes);
            bool[] leftIsLeaf = Bits(flags, LeftIsLeaf), rightIsLeaf = Bits(flags, RightIsLeaf);
            int[] left = new int[nodes], right = new int[nodes];
            if (!TreeShape.TryLink(leftIsLeaf, rightIsLeaf, left, right)) throw Reader.Wrong("flags", "do not make a tree");
            var (starts, sets) = NextSets(nodes, map);
            var tree = new Tree
            {
                Feature = Features.AsSpan(node, nodes).ToArray(), Threshold = Thresholds.AsSpan(node, nodes).ToArray(),
                MissingLeft = Bits(flags, MissingLeft), CategoryStart = starts, CategoryBits = sets, Left = left, Right = right,
                NodeCover = NodeCovers.AsSpan(node, nodes).ToArray(), LeafCover = LeafCovers.AsSpan(leaf, leafCount).ToArray(),
                LeafValues = LeafValues.AsSpan(value, leafCount * width).ToArray(), Output = Math.Max(output, 0),
            };
            (node, leaf, value) = (node + nodes, leaf + leafCount, value + leafCount * width);
            return tree;
        }

        static bool[] Bits(ReadOnlySpan<byte> flags, byte bit)
        {
            var bits = new bool[flags.Length];
            for (int n = 0; n < bits.Length; n++) bits[n] = (flags[n] & bit) != 0;
            return bits;
        }

        (int[] Starts, ulong[] Sets) NextSets(int nodes, FeatureMap map)
        {
            int first = set;
            var starts = new int[nodes];
            for (int n = 0; n < nodes; n++)
            {
                int feature = Features[node + n], flags = Flags[node + n];
                if (feature < 0 || feature >= map.Count) throw Reader.Wrong("features", $"holds {feature}; the model has {map.Count} features");
                bool category = feature >= map.CategoryStart && feature < map.SparseStart;
                if (flags > (MissingLeft | LeftIsLeaf | RightIsLeaf | IsCategory) || category != ((flags & IsCategory) != 0))
                    throw Reader.Wrong("flags", $"are {flags} at a node of feature {feature}");
                starts[n] = category ? set - first : -1;
                if (!category) continue;
                int most = (map.Categories[feature - map.CategoryStart].LevelCount + 63) / 64;
                if (set >= CategorySets.Length || CategorySets[set] > (ulong)most || (int)CategorySets[set] > CategorySets.Length - set - 1)
                    throw Reader.Wrong("categorySets", $"does not hold a set of at most {most} words at {set}");
                set += 1 + (int)CategorySets[set];
            }
            return (starts, CategorySets.AsSpan(first, set - first).ToArray());
        }

        public void CheckAllSetsUsed()
        {
            if (set != CategorySets.Length) throw Reader.Wrong("categorySets", $"has {CategorySets.Length} words where the nodes use {set}");
        }
    }
}
