using System.Runtime.CompilerServices;
using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>
/// Sends a block of rows down a grown tree: each node cuts the block's list in two without a branch a row, which is several
/// times cheaper than to walk row by row.
/// </summary>
internal static unsafe class TreeRoutes
{
    /// <summary>Most rows of a block.</summary>
    public const int Block = 4096;

    /// <summary>Below this many rows a node's overhead costs more than walking.</summary>
    const int Few = 8;

    /// <summary>Writes the leaf of each row of the matrix; at most <see cref="Block"/> of them.</summary>
    [SkipLocalsInit]
    public static void Leaves(GrownTree tree, BinnedMatrix matrix, ReadOnlySpan<int> rows, Span<int> leaves)
    {
        int* order = stackalloc int[Block], right = stackalloc int[Block];
        for (int i = 0; i < rows.Length; i++) order[i] = i;
        fixed (int* rowOf = rows)
        fixed (int* leafOf = leaves)
            Send(tree, matrix, rowOf, order, right, rows.Length, tree.Root, leafOf);
        GC.KeepAlive(matrix);
    }

    static void Send(GrownTree tree, BinnedMatrix matrix, int* rowOf, int* order, int* right, int count, int at, int* leafOf)
    {
        while (at >= 0 && count > Few)
        {
            var node = tree.Nodes[at];
            int left;
            fixed (ulong* set = node.LeftSet) left = PartitionKernel.Cut(order, right, count, rowOf, matrix.Bins(node.Column), set);
            new Span<int>(right, count - left).CopyTo(new Span<int>(order + left, count - left));
            // Into the shorter list by a call, into the longer by the loop: a call halves the rows, so calls stay few deep.
            bool leftShort = left <= count - left;
            if (leftShort) Send(tree, matrix, rowOf, order, right, left, node.Left, leafOf);
            else Send(tree, matrix, rowOf, order + left, right, count - left, node.Right, leafOf);
            if (leftShort) order += left;
            (count, at) = leftShort ? (count - left, node.Right) : (left, node.Left);
        }
        for (int i = 0; i < count; i++) leafOf[order[i]] = tree.FindLeaf(matrix, rowOf[order[i]], at);
    }
}
