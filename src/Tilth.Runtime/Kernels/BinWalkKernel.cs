using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tilth.Kernels;

/// <summary>A node for <see cref="BinWalkKernel"/>. A leaf's Left is itself, its Right the leaf's number.</summary>
/// <param name="Left">Next node, counted from the tree's root, if the bin is at most the threshold.</param>
/// <param name="Right">Next node otherwise.</param>
/// <param name="Column">Which bin to look at.</param>
/// <param name="Threshold">127 in leaves, above which no bin is.</param>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal readonly record struct BinWalkNode(ushort Left, ushort Right, ushort Column, sbyte Threshold);

/// <summary>One row down four trees at once: each step's loads wait for the step before, so four walks hide each other's waits.</summary>
internal static class BinWalkKernel
{
    /// <summary>Most nodes and leaves of a tree.</summary>
    public const int MaxNodes = ushort.MaxValue;

    /// <summary>Trees that walk together.</summary>
    public const int Trees = 4;

    /// <summary>Replaces the four roots by the leaves' places after <paramref name="depth"/> steps; a leaf stays where it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Walk(BinWalkNode* nodes, sbyte* bins, ReadOnlySpan<int> roots, Span<int> leaves, int depth)
    {
        BinWalkNode* a = nodes + roots[0], b = nodes + roots[1], c = nodes + roots[2], d = nodes + roots[3];
        int i = 0, j = 0, k = 0, l = 0;
        for (; depth > 0; depth--)
        {
            i = Next(a + i, bins);
            j = Next(b + j, bins);
            k = Next(c + k, bins);
            l = Next(d + l, bins);
        }
        (leaves[0], leaves[1], leaves[2], leaves[3]) = (a[i].Right, b[j].Right, c[k].Right, d[l].Right);
    }

    /// <summary>Indexing the two children with the comparison keeps the compiler from making a branch of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe int Next(BinWalkNode* node, sbyte* bins)
        => ((ushort*)node)[Unsafe.BitCast<bool, byte>(bins[node->Column] > node->Threshold)];
}
