using System.Runtime.InteropServices;
using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// Trees compiled for single rows: their questions share columns of bins; small ones are laid out for
/// <see cref="RowMaskKernel"/> where the processor has it, the others for <see cref="BinWalkKernel"/>. Immutable.
/// </summary>
internal sealed unsafe class RowGroup
{
    readonly QuestionColumn[] columns;
    readonly byte[] pairs;
    readonly (int Output, int First, int Count)[] runs;
    readonly BinWalkNode[] nodes;
    readonly Tree[] walked;
    readonly int[] roots, depths;

    /// <param name="members">The trees.</param>
    /// <param name="questions">Their questions, at most <see cref="RowMaskKernel.MaxColumns"/> columns.</param>
    public RowGroup(IReadOnlyList<Tree> members, TreeQuestions questions)
    {
        columns = questions.Build();
        (var bytes, var outputs) = (new List<byte[]>(), new List<(int, int, int)>());
        foreach (var run in members.Where(FitsMasks).GroupBy(tree => tree.Output))
        {
            var two = run.Chunk(2).ToArray();
            outputs.Add((run.Key, bytes.Count, two.Length));
            bytes.AddRange(two.Select(pair => Masks(pair, questions)));
        }
        (pairs, runs) = ([.. bytes.SelectMany(pair => pair)], [.. outputs]);
        // Neighbours walk together, for as many steps as the deepest needs.
        walked = [.. members.Where(tree => !FitsMasks(tree)).OrderBy(DepthOf)];
        depths = Array.ConvertAll(walked, DepthOf);
        roots = new int[walked.Length];
        var all = new List<BinWalkNode>();
        for (int t = 0; t < walked.Length; t++)
        {
            roots[t] = all.Count;
            AddNodes(walked[t], questions, all);
        }
        nodes = [.. all];
    }

    static bool FitsMasks(Tree tree)
        => RowMaskKernel.IsSupported && tree.LeafCount <= RowMaskKernel.MaxLeaves && tree.LeafValues.Length == tree.LeafCount;

    /// <summary>Steps from the root to the deepest leaf.</summary>
    public static int DepthOf(Tree tree)
    {
        var depth = new int[tree.Feature.Length + 1];
        int deepest = 0;
        for (int n = 0; n < tree.Feature.Length; n++)
        {
            deepest = Math.Max(deepest, depth[n] + 1);
            if (tree.Left[n] >= 0) depth[tree.Left[n]] = depth[n] + 1;
            if (tree.Right[n] >= 0) depth[tree.Right[n]] = depth[n] + 1;
        }
        return deepest;
    }

    static byte[] Masks(Tree[] two, TreeQuestions questions)
    {
        var pair = new byte[RowMaskKernel.PairSize];
        for (int t = 0; t < two.Length; t++)
        {
            var tree = two[t];
            var leaves = MemoryMarshal.Cast<byte, int>(pair.AsSpan(128)).Slice(3 * RowMaskKernel.MaxLeaves * t, 3 * RowMaskKernel.MaxLeaves);
            int[] paths = new int[tree.Feature.Length], masks = new int[tree.Feature.Length];
            for (int n = 0; n < tree.Feature.Length; n++)
            {
                (int column, sbyte threshold) = questions.Locate(tree, n);
                (pair[32 * t + n], pair[64 + 32 * t + n]) = ((byte)column, (byte)threshold);
                Reach(tree.Left[n], paths[n], masks[n] | 1 << n, leaves);
                Reach(tree.Right[n], paths[n] | 1 << n, masks[n] | 1 << n, leaves);
            }
            for (int leaf = 0; leaf < tree.LeafCount; leaf++) leaves[2 * RowMaskKernel.MaxLeaves + leaf] = tree.LeafValues[leaf];

            void Reach(int child, int path, int mask, Span<int> leaves)
            {
                if (child >= 0) (paths[child], masks[child]) = (path, mask);
                else (leaves[~child], leaves[RowMaskKernel.MaxLeaves + ~child]) = (path, mask);
            }
        }
        return pair;
    }

    static void AddNodes(Tree tree, TreeQuestions questions, List<BinWalkNode> all)
    {
        int inner = tree.Feature.Length;
        for (int n = 0; n < inner; n++)
        {
            var (column, threshold) = questions.Locate(tree, n);
            all.Add(new(Place(tree.Left[n]), Place(tree.Right[n]), (ushort)column, threshold));
        }
        for (int leaf = 0; leaf < tree.LeafCount; leaf++) all.Add(new((ushort)(inner + leaf), (ushort)leaf, 0, sbyte.MaxValue));

        ushort Place(int child) => (ushort)(child >= 0 ? child : inner + ~child);
    }

    /// <summary>Adds the group's trees to the sums, one an output.</summary>
    public void Add(FeatureRow row, Span<long> sums)
    {
        sbyte* bins = stackalloc sbyte[RowMaskKernel.MaxColumns];
        var filled = new Span<sbyte>(bins, columns.Length);
        for (int c = 0; c < columns.Length; c++) filled[c] = columns[c].Of(row, filled);
        fixed (byte* first = pairs)
            foreach (var (output, start, count) in runs) sums[output] += RowMaskKernel.Sum(bins, first + start * RowMaskKernel.PairSize, count);
        if (walked.Length > 0) Walk(bins, sums);
    }

    void Walk(sbyte* bins, Span<long> sums)
    {
        Span<int> four = stackalloc int[BinWalkKernel.Trees], leaves = stackalloc int[BinWalkKernel.Trees];
        fixed (BinWalkNode* first = nodes)
            for (int t = 0; t < walked.Length; t += BinWalkKernel.Trees)
            {
                int count = Math.Min(BinWalkKernel.Trees, walked.Length - t);
                for (int i = 0; i < four.Length; i++) four[i] = roots[t + Math.Min(i, count - 1)];
                BinWalkKernel.Walk(first, bins, four, leaves, depths[t + count - 1]);
                for (int i = 0; i < count; i++)
                {
                    var tree = walked[t + i];
                    int width = tree.LeafValues.Length / tree.LeafCount;
                    for (int k = 0; k < width; k++) sums[tree.Output + k] += tree.LeafValues[leaves[i] * width + k];
                }
            }
    }
}
