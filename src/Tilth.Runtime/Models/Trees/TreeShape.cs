namespace Tilth.Models.Trees;

/// <summary>
/// The shape of a canonical tree is two bits a node: because inner nodes stand in pre-order and leaves in the order of a
/// left-first walk, which children are leaves says everything. Any sequence of bits that uses up its nodes is one tree.
/// </summary>
internal static class TreeShape
{
    /// <summary>Writes the children that the bits stand for; false if they are not exactly one tree.</summary>
    /// <param name="leftIsLeaf">One a node.</param>
    /// <param name="rightIsLeaf">One a node.</param>
    /// <param name="left">Left child of each node.</param>
    /// <param name="right">Right child of each node.</param>
    public static bool TryLink(ReadOnlySpan<bool> leftIsLeaf, ReadOnlySpan<bool> rightIsLeaf, Span<int> left, Span<int> right)
    {
        int count = leftIsLeaf.Length, leaf = 0;
        // Nodes whose left subtree is still open, the innermost last.
        var open = new Stack<int>();
        for (int node = 0; node < count; node++)
        {
            if (!leftIsLeaf[node])
            {
                left[node] = node + 1;
                open.Push(node);
                continue;
            }
            left[node] = ~leaf++;
            int closing = node;
            while (rightIsLeaf[closing])
            {
                right[closing] = ~leaf++;
                if (open.Count == 0) return node == count - 1;
                closing = open.Pop();
            }
            right[closing] = node + 1;
        }
        return count == 0;
    }

    /// <summary>Whether the tree has the order that <see cref="Tree"/> promises and arrays of matching lengths.</summary>
    public static bool IsCanonical(Tree tree)
    {
        int nodes = tree.Feature.Length;
        if (tree.LeafCount != nodes + 1 || tree.LeafValues.Length % tree.LeafCount != 0 || tree.Threshold.Length != nodes
            || tree.MissingLeft.Length != nodes || tree.CategoryStart.Length != nodes || tree.Left.Length != nodes
            || tree.Right.Length != nodes || tree.NodeCover.Length != nodes) return false;
        var leftIsLeaf = Array.ConvertAll(tree.Left, child => child < 0);
        var rightIsLeaf = Array.ConvertAll(tree.Right, child => child < 0);
        int[] left = new int[nodes], right = new int[nodes];
        return TryLink(leftIsLeaf, rightIsLeaf, left, right) && left.AsSpan().SequenceEqual(tree.Left) && right.AsSpan().SequenceEqual(tree.Right);
    }
}
