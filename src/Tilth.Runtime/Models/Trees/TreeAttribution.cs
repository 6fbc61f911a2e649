using System.Buffers;
using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// Row attributions of an ensemble: path-dependent TreeSHAP (Lundberg et al., "From local explanations to global
/// understanding with explainable AI for trees", 2020), where an absent feature follows both branches by their training
/// weight. <see cref="ShapleyKernel"/> has the method. Immutable.
/// </summary>
internal sealed class TreeAttribution
{
    // More points than this change no bit that matters: factors lie between 0 and 1.
    const int MaxPoints = 128;

    readonly Tree[] trees;
    readonly ShapleyTree[] layouts;
    readonly (double[] Points, double[] Weights)[] rules;
    readonly double[] baseline;
    readonly double factor;
    readonly int maxNodes;

    /// <param name="trees">The trees.</param>
    /// <param name="bases">Start score of each output on the leaves' scale.</param>
    /// <param name="factor">From the leaves' scale to scores.</param>
    public TreeAttribution(Tree[] trees, ReadOnlySpan<long> bases, double factor)
    {
        (this.trees, this.factor) = (trees, factor);
        layouts = Array.ConvertAll(trees, tree => new ShapleyTree(tree));
        maxNodes = layouts.Max(layout => layout.Nodes.Length);
        rules = new (double[], double[])[MaxPoints / ShapleyKernel.Lanes + 1];
        baseline = new double[bases.Length];
        for (int k = 0; k < baseline.Length; k++) baseline[k] = bases[k];
        for (int t = 0; t < trees.Length; t++)
        {
            int blocks = BlocksOf(layouts[t]), width = trees[t].LeafValues.Length / trees[t].LeafCount;
            if (rules[blocks].Points is null) rules[blocks] = MakeRule(blocks * ShapleyKernel.Lanes);
            for (int i = 0; i < trees[t].LeafValues.Length; i++)
                baseline[trees[t].Output + i % width] += layouts[t].Reach[i / width] * trees[t].LeafValues[i];
        }
        for (int k = 0; k < baseline.Length; k++) baseline[k] *= factor;
    }

    /// <summary>Passes of the kernel: n points are exact to degree 2n - 1, and the integrand has degree features - 1.</summary>
    static int BlocksOf(ShapleyTree layout)
        => Math.Max(1, (Math.Min((layout.MaxFeatures + 1) / 2, MaxPoints) + ShapleyKernel.Lanes - 1) / ShapleyKernel.Lanes);

    static (double[], double[]) MakeRule(int count)
    {
        double[] points = new double[count], weights = new double[count];
        GaussLegendre.Fill(points, weights);
        return (points, weights);
    }

    /// <summary>Writes each feature's part of each output (features x outputs) and what the parts are added to.</summary>
    public void Explain(FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        this.baseline.CopyTo(baseline);
        contributions.Clear();
        double[] scratch = ArrayPool<double>.Shared.Rent(ShapleyKernel.ScratchSize(maxNodes));
        byte[] follows = ArrayPool<byte>.Shared.Rent(maxNodes);
        for (int t = 0; t < trees.Length; t++)
        {
            if (trees[t].LeafCount == 1) continue;
            layouts[t].Follow(row, follows);
            AddTree(trees[t], layouts[t], follows, scratch, contributions);
        }
        ArrayPool<byte>.Shared.Return(follows);
        ArrayPool<double>.Shared.Return(scratch);
        foreach (ref double contribution in contributions) contribution *= factor;
    }

    void AddTree(Tree tree, ShapleyTree layout, ReadOnlySpan<byte> follows, Span<double> scratch, Span<double> contributions)
    {
        var (points, weights) = rules[BlocksOf(layout)];
        int width = tree.LeafValues.Length / tree.LeafCount;
        for (int at = 0; at < points.Length; at += ShapleyKernel.Lanes)
        {
            ShapleyKernel.Down(layout.Nodes, follows, points.AsSpan(at), scratch);
            for (int k = 0; k < width; k++)
                ShapleyKernel.Up(layout.Nodes, weights.AsSpan(at), tree.LeafValues.AsSpan(k), width, scratch,
                    contributions[(tree.Output + k)..], baseline.Length);
        }
    }
}
