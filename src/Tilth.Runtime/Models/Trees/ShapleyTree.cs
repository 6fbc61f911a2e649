using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>A tree laid out for <see cref="ShapleyKernel"/>: inner nodes and leaves together, in pre-order.</summary>
internal sealed class ShapleyTree
{
    // A share of 0 would divide by 0; this one moves no score by more than it.
    const double LeastShare = 1e-200;

    readonly Tree tree;
    readonly ShapleyNode[] nodes;
    // Place of each inner node's right child; the left child stands right behind its parent.
    readonly int[] rights;

    public ShapleyTree(Tree tree)
    {
        this.tree = tree;
        nodes = new ShapleyNode[2 * tree.LeafCount - 1];
        rights = new int[tree.LeafCount - 1];
        Reach = new double[tree.LeafCount];
        double[] edgeShares = new double[nodes.Length], reach = new double[nodes.Length];
        int[] features = new int[nodes.Length];
        var open = new Stack<(int Child, int Parent, int Inner)>([(tree.LeafCount == 1 ? ~0 : 0, -1, -1)]);
        for (int at = 0; open.TryPop(out var next); at++)
        {
            var (child, parent, inner) = next;
            reach[at] = 1;
            if (parent >= 0)
            {
                if (at != parent + 1) rights[inner] = at;
                double share = ShareOf(inner, child);
                int feature = tree.Feature[inner], previous = PreviousOf(parent, feature);
                double shares = previous > 0 ? share * nodes[previous].Share : share;
                nodes[at] = new(parent, previous, feature, child < 0 ? ~child : -1, Math.Max(shares, LeastShare));
                reach[at] = reach[parent] * share;
                features[at] = features[parent] + (previous > 0 ? 0 : 1);
                MaxFeatures = Math.Max(MaxFeatures, features[at]);
            }
            else nodes[at] = new(0, 0, -1, child < 0 ? 0 : -1, 1);
            if (child < 0)
            {
                Reach[~child] = reach[at];
                continue;
            }
            open.Push((tree.Right[child], at, child));
            open.Push((tree.Left[child], at, child));
        }
    }

    /// <summary>The tree's nodes for the kernel.</summary>
    public ReadOnlySpan<ShapleyNode> Nodes => nodes;

    /// <summary>The share of training weight that reaches each leaf.</summary>
    public double[] Reach { get; }

    /// <summary>The most different features that stand above one leaf.</summary>
    public int MaxFeatures { get; }

    /// <summary>Writes, for each node, whether the row takes every edge of the node's feature down to it.</summary>
    public void Follow(FeatureRow row, Span<byte> follows)
    {
        follows[0] = 1;
        for (int at = 0, inner = 0; inner < rights.Length; at++)
        {
            if (nodes[at].Leaf >= 0) continue;
            int left = at + 1, right = rights[inner];
            byte toLeft = tree.GoesLeft(inner++, row) ? (byte)1 : (byte)0, above = follows[nodes[left].Previous];
            follows[left] = (byte)(toLeft & above);
            follows[right] = (byte)((1 - toLeft) & above);
        }
    }

    double ShareOf(int inner, int child)
    {
        double left = CoverOf(tree.Left[inner]), right = CoverOf(tree.Right[inner]), sum = left + right;
        if (!(sum > 0 && double.IsFinite(sum))) return 0.5;
        return (child == tree.Left[inner] ? left : right) / sum;
    }

    double CoverOf(int child) => child < 0 ? tree.LeafCover[~child] : tree.NodeCover[child];

    int PreviousOf(int at, int feature)
    {
        while (at > 0 && nodes[at].Feature != feature) at = nodes[at].Parent;
        return at;
    }
}
