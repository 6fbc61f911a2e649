using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// Neighbouring trees compiled for <see cref="BlendKernel"/>. They share columns of bins, and their leaf values add up without
/// leaving 32 bits. Immutable.
/// </summary>
internal sealed unsafe class BlendGroup
{
    /// <summary>More leaves do not fit into a byte.</summary>
    public const int MaxLeaves = 256;

    const int Rows = BlendKernel.Rows;

    readonly QuestionColumn[] columns;
    readonly BlendTree[] trees;
    readonly BlendStep[] steps;
    readonly int[] values;
    readonly int constants;

    /// <param name="FirstStep">Its steps.</param>
    /// <param name="StepCount">How many.</param>
    /// <param name="LeafCount">Leaves.</param>
    /// <param name="FirstValue">Its first output's leaf values; the next output's follow after <paramref name="ValueStride"/>.</param>
    /// <param name="ValueStride">See <paramref name="FirstValue"/>.</param>
    /// <param name="Output">First output that it adds to.</param>
    /// <param name="Width">Outputs that it adds to.</param>
    readonly record struct BlendTree(int FirstStep, int StepCount, int LeafCount, int FirstValue, int ValueStride, int Output, int Width);

    /// <param name="members">Trees of at most <see cref="MaxLeaves"/> leaves.</param>
    /// <param name="questions">Their questions.</param>
    public BlendGroup(IReadOnlyList<Tree> members, TreeQuestions questions)
    {
        columns = questions.Build();
        constants = members.Max(tree => tree.LeafCount);
        var (all, leafValues) = (new List<BlendStep>(), new List<int>());
        trees = new BlendTree[members.Count];
        int slots = 1;
        for (int t = 0; t < trees.Length; t++)
        {
            var tree = members[t];
            int width = tree.LeafValues.Length / tree.LeafCount;
            int stride = (tree.LeafCount + LeafSumKernel.Padding - 1) / LeafSumKernel.Padding * LeafSumKernel.Padding;
            trees[t] = new(all.Count, tree.Feature.Length, tree.LeafCount, leafValues.Count, stride, tree.Output, width);
            slots = Math.Max(slots, AddSteps(tree, questions, all));
            for (int k = 0; k < width; k++)
                for (int leaf = 0; leaf < stride; leaf++) leafValues.Add(leaf < tree.LeafCount ? tree.LeafValues[leaf * width + k] : 0);
        }
        (steps, values) = ([.. all], [.. leafValues]);
        ScratchSize = constants * BlendKernel.Block + slots * Rows;
    }

    /// <summary>Bytes for the bins of a run.</summary>
    public int BinsSize => columns.Length * Rows;

    /// <summary>Bytes for constants and results.</summary>
    public int ScratchSize { get; }

    /// <summary>Appends a tree's steps, last node first: results lie on a stack, the left child's on top of the right child's.</summary>
    int AddSteps(Tree tree, TreeQuestions questions, List<BlendStep> all)
    {
        int depth = 0, deepest = 1;
        for (int n = tree.Feature.Length - 1; n >= 0; n--)
        {
            var (column, threshold) = questions.Locate(tree, n);
            int left = tree.Left[n] >= 0 ? Slot(--depth) : Constant(~tree.Left[n]);
            int right = tree.Right[n] >= 0 ? Slot(--depth) : Constant(~tree.Right[n]);
            all.Add(new(column * Rows, left, right, StepOf(tree.Left[n]), StepOf(tree.Right[n]), Slot(depth++), threshold));
            deepest = Math.Max(deepest, depth);
        }
        return deepest;
    }

    int Slot(int place) => constants * BlendKernel.Block + place * Rows;

    static int Constant(int leaf) => leaf * BlendKernel.Block;

    static byte StepOf(int child) => child >= 0 ? (byte)BlendKernel.Block : (byte)0;

    /// <summary>Adds the group's trees to sums of up to 256 rows (output by output, 256 places each).</summary>
    public void Add(FeatureMatrix features, int start, int count, sbyte* bins, sbyte* scratch, int* sums)
    {
        int blocks = (count + BlendKernel.Block - 1) / BlendKernel.Block;
        for (int c = 0; c < columns.Length; c++)
        {
            var source = columns[c].Source < 0 ? default : new ReadOnlySpan<sbyte>(bins + columns[c].Source * Rows, count);
            columns[c].Fill(features, start, source, new Span<sbyte>(bins + c * Rows, count));
        }
        for (int leaf = 0; leaf < constants; leaf++) new Span<sbyte>(scratch + leaf * BlendKernel.Block, BlendKernel.Block).Fill((sbyte)leaf);
        byte* leaves = (byte*)scratch + Slot(0);
        fixed (int* first = values)
            foreach (ref readonly var tree in trees.AsSpan())
            {
                if (tree.StepCount == 0) new Span<byte>(leaves, Rows).Clear();
                BlendKernel.Run(steps.AsSpan(tree.FirstStep, tree.StepCount), bins, scratch, blocks);
                for (int k = 0; k < tree.Width; k++)
                    LeafSumKernel.Add(leaves, first + tree.FirstValue + k * tree.ValueStride, tree.LeafCount, sums + (tree.Output + k) * Rows, blocks * BlendKernel.Block);
            }
    }
}
