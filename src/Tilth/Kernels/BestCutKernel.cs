using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>
/// The best cut between the bins of one leaf: gl^2 / (hl + l) + gr^2 / (hr + l) - parent, with the formula, the exact sums and
/// the one division a bin of <see cref="LevelGainKernel"/>. Every form gives the same bits; equal gains keep the lowest bin.
/// </summary>
internal static unsafe class BestCutKernel
{
    const int MaxBins = 256;

    /// <param name="sums">Gradient and hessian of each bin.</param>
    /// <param name="cuts">Cut b sends bins 0 to b left; at most 256.</param>
    /// <param name="gradient">Sum that is left from the start (missing values), in units.</param>
    /// <param name="hessian">The same.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="gain">The gain to beat; the best one afterwards.</param>
    /// <returns>The cut, or -1 if none gains more.</returns>
    public static int Find(long* sums, int cuts, long gradient, long hessian, in LevelLeaf leaf, ref double gain)
        => Find(sums, cuts, gradient, hessian, leaf, ref gain, Avx2.IsSupported);

    /// <summary>The same with or without vectors.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(long* sums, int cuts, long gradient, long hessian, in LevelLeaf leaf, ref double gain, bool vectors)
    {
        // Pairs (gradient, hessian) of all bins up to each.
        long* left = stackalloc long[2 * MaxBins];
        var pair = Vector128.Create(gradient, hessian);
        for (int bin = 0; bin < cuts; bin++)
        {
            pair += Vector128.Load(sums + 2 * bin);
            pair.Store(left + 2 * bin);
        }
        int best = -1, at = vectors ? FindVectors(left, cuts, leaf, ref gain, out best) : 0;
        for (; at < cuts; at++)
        {
            double gl = left[2 * at] * leaf.GradientScale, hl = left[2 * at + 1] * leaf.HessianScale, hr = leaf.Hessian - hl, gr = leaf.Gradient - gl;
            if (hl < leaf.Least || hr < leaf.Least) continue;
            hl += leaf.Lambda;
            hr += leaf.Lambda;
            double own = (gl * gl * hr + gr * gr * hl) / (hl * hr) - leaf.Parent;
            if (own > gain) (best, gain) = (at, own);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int FindVectors(long* left, int cuts, in LevelLeaf leaf, ref double gain, out int best)
    {
        var scale = Vector256.Create(leaf.GradientScale, leaf.HessianScale, leaf.GradientScale, leaf.HessianScale);
        var (allG, allH, lambda) = (Vector256.Create(leaf.Gradient), Vector256.Create(leaf.Hessian), Vector256.Create(leaf.Lambda));
        var (least, parent) = (Vector256.Create(leaf.Least), Vector256.Create(leaf.Parent));
        var bestGain = Vector256.Create(gain);
        var bestBin = Vector256.Create(-1L);
        // Two loads of two pairs, unpacked, hold bins 0, 2, 1, 3 of each four.
        var bins = Vector256.Create(0L, 2, 1, 3);
        int at = 0;
        for (; at <= cuts - 4; at += 4)
        {
            var a = Vector256.ConvertToDouble(Vector256.Load(left + 2 * at)) * scale;
            var b = Vector256.ConvertToDouble(Vector256.Load(left + 2 * at + 4)) * scale;
            var (gl, hl) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
            var (gr, hr) = (allG - gl, allH - hl);
            var valid = Vector256.GreaterThanOrEqual(hl, least) & Vector256.GreaterThanOrEqual(hr, least);
            hl += lambda;
            hr += lambda;
            var own = (gl * gl * hr + gr * gr * hl) / (hl * hr) - parent;
            var better = valid & Vector256.GreaterThan(own, bestGain);
            bestGain = Vector256.ConditionalSelect(better, own, bestGain);
            bestBin = Vector256.ConditionalSelect(better.AsInt64(), bins, bestBin);
            bins += Vector256.Create(4L);
        }
        best = -1;
        for (int lane = 0; lane < 4; lane++)
        {
            if (bestBin[lane] < 0 || bestGain[lane] < gain || (bestGain[lane] == gain && best >= 0 && bestBin[lane] > best)) continue;
            (best, gain) = ((int)bestBin[lane], bestGain[lane]);
        }
        return at;
    }
}
