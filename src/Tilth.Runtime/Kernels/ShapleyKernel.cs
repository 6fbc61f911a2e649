using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>A node of a tree as the Shapley kernel sees it; node 0 is the root, children follow their parents.</summary>
/// <param name="Parent">Its parent.</param>
/// <param name="Previous">The nearest node above whose own edge splits on the same feature, or 0 if there is none.</param>
/// <param name="Feature">The feature that the edge from the parent splits on.</param>
/// <param name="Leaf">Number of the leaf, or -1 in inner nodes.</param>
/// <param name="Share">The product of the shares of training weight that follow the edges of this feature down to here.</param>
internal readonly record struct ShapleyNode(int Parent, int Previous, int Feature, int Leaf, double Share);

/// <summary>
/// Shapley values of one tree. A leaf of value v below edges of d different features is the game v * prod_j (o_j or z_j): o_j
/// says whether the row follows feature j's edges, z_j is the share of training rows that do. Because
/// |S|! (d - 1 - |S|)! / d! is the integral of t^|S| (1 - t)^(d - 1 - |S|) over [0, 1], feature i's Shapley value is
/// v (o_i - z_i) times the integral of prod_{j != i} (o_j t + z_j (1 - t)): a polynomial, which Gauss-Legendre points
/// integrate exactly and without cancellation. All leaves share one walk down (products) and one up (sums), as in Linear
/// TreeSHAP (Yu et al., 2022), whose polynomial basis this replaces: O(nodes x d / 2) a tree, four points a vector.
/// </summary>
internal static class ShapleyKernel
{
    /// <summary>Points that one pass handles.</summary>
    public const int Lanes = 4;

    /// <summary>Doubles of scratch that a tree of <paramref name="nodes"/> nodes needs.</summary>
    public static int ScratchSize(int nodes) => 4 * Lanes * nodes;

    /// <summary>Walks down: products of the factors at four points, for a later <see cref="Up"/>.</summary>
    /// <param name="nodes">The tree.</param>
    /// <param name="follows">1 where the row follows all edges of the node's feature down to it, else 0.</param>
    /// <param name="points">Four integration points.</param>
    /// <param name="scratch">See <see cref="ScratchSize"/>.</param>
    public static void Down(ReadOnlySpan<ShapleyNode> nodes, ReadOnlySpan<byte> follows, ReadOnlySpan<double> points, Span<double> scratch)
    {
        if (follows.Length < nodes.Length || points.Length < Lanes || scratch.Length < ScratchSize(nodes.Length)) throw new ArgumentException("a span is too short");
        var t = Vector256.Create(points);
        var rest = Vector256<double>.One - t;
        ref var product = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<double, Vector256<double>>(scratch));
        ref var inverse = ref Unsafe.Add(ref product, nodes.Length);
        ref var gain = ref Unsafe.Add(ref inverse, nodes.Length);
        (product, inverse, gain) = (Vector256<double>.One, Vector256<double>.One, Vector256<double>.Zero);
        for (int n = 1; n < nodes.Length; n++)
        {
            ref readonly var node = ref nodes[n];
            double o = follows[n];
            var factor = t * o + rest * node.Share;
            var reciprocal = Vector256<double>.One / factor;
            Unsafe.Add(ref inverse, n) = reciprocal;
            Unsafe.Add(ref gain, n) = reciprocal * (o - node.Share);
            Unsafe.Add(ref product, n) = Unsafe.Add(ref product, node.Parent) * factor * Unsafe.Add(ref inverse, node.Previous);
        }
    }

    /// <summary>Walks up: adds each feature's part for one output.</summary>
    /// <param name="nodes">The tree.</param>
    /// <param name="weights">Weights of the four points.</param>
    /// <param name="leafValues">Values of the leaves; leaf l's stands at l * stride.</param>
    /// <param name="stride">See <paramref name="leafValues"/>.</param>
    /// <param name="scratch">As <see cref="Down"/> left it.</param>
    /// <param name="contributions">Feature f's number stands at f * outputs.</param>
    /// <param name="outputs">See <paramref name="contributions"/>.</param>
    public static void Up(
        ReadOnlySpan<ShapleyNode> nodes, ReadOnlySpan<double> weights, ReadOnlySpan<int> leafValues, int stride, Span<double> scratch,
        Span<double> contributions, int outputs)
    {
        if (weights.Length < Lanes || scratch.Length < ScratchSize(nodes.Length)) throw new ArgumentException("a span is too short");
        var w = Vector256.Create(weights);
        ref var product = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<double, Vector256<double>>(scratch));
        ref var gain = ref Unsafe.Add(ref product, 2 * nodes.Length);
        ref var sums = ref Unsafe.Add(ref gain, nodes.Length);
        MemoryMarshal.CreateSpan(ref sums, nodes.Length).Clear();
        for (int n = nodes.Length - 1; n > 0; n--)
        {
            ref readonly var node = ref nodes[n];
            var sum = node.Leaf < 0 ? Unsafe.Add(ref sums, n) : Unsafe.Add(ref product, n) * w * leafValues[node.Leaf * stride];
            Unsafe.Add(ref sums, node.Parent) += sum;
            var part = sum * (Unsafe.Add(ref gain, n) - Unsafe.Add(ref gain, node.Previous));
            contributions[node.Feature * outputs] += part[0] + part[1] + (part[2] + part[3]);
        }
    }
}
