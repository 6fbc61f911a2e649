using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>A leaf as <see cref="LevelGainKernel"/> sees it.</summary>
/// <param name="Gradient">The leaf's gradient sum, in real units.</param>
/// <param name="Hessian">The leaf's hessian sum, in real units.</param>
/// <param name="GradientScale">A power of two: what a unit of the sums stands for.</param>
/// <param name="HessianScale">A power of two.</param>
/// <param name="Lambda">L2 penalty.</param>
/// <param name="Least">Least hessian on each side.</param>
/// <param name="Parent">What the leaf saves uncut.</param>
internal readonly record struct LevelLeaf(double Gradient, double Hessian, double GradientScale, double HessianScale, double Lambda, double Least, double Parent);

/// <summary>
/// Adds to each bin what a leaf gains by the cut that sends the bins up to it left: gl^2 / (hl + l) + gr^2 / (hr + l) - parent,
/// or nothing where a side has too little. Sums are integers below 2^53 on power-of-two scales, so that running sums in
/// doubles are exact. One division a bin; every form gives the same bits.
/// </summary>
internal static unsafe class LevelGainKernel
{
    const int MaxBins = 256;

    /// <param name="sums">Gradient and hessian of each bin.</param>
    /// <param name="bins">How many, at most 256.</param>
    /// <param name="gradient">Sum that is left from the start (missing values), in units.</param>
    /// <param name="hessian">The same.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="gains">One number a bin.</param>
    public static void Add(long* sums, int bins, long gradient, long hessian, in LevelLeaf leaf, double* gains)
        => Add(sums, bins, gradient, hessian, leaf, gains, Vector256.IsHardwareAccelerated);

    /// <summary>The same with or without vectors.</summary>
    [SkipLocalsInit]
    public static void Add(long* sums, int bins, long gradient, long hessian, in LevelLeaf leaf, double* gains, bool vectors)
    {
        double* g = stackalloc double[MaxBins], h = stackalloc double[MaxBins];
        for (int bin = 0; bin < bins; bin++)
        {
            g[bin] = (gradient += sums[2 * bin]) * leaf.GradientScale;
            h[bin] = (hessian += sums[2 * bin + 1]) * leaf.HessianScale;
        }
        int at = vectors ? AddVectors(g, h, bins, leaf, gains) : 0;
        for (; at < bins; at++)
        {
            double hl = h[at], hr = leaf.Hessian - hl, gr = leaf.Gradient - g[at];
            if (hl < leaf.Least || hr < leaf.Least) continue;
            hl += leaf.Lambda;
            hr += leaf.Lambda;
            gains[at] += (g[at] * g[at] * hr + gr * gr * hl) / (hl * hr) - leaf.Parent;
        }
    }

    static int AddVectors(double* g, double* h, int bins, in LevelLeaf leaf, double* gains)
    {
        var (allG, allH, lambda) = (Vector256.Create(leaf.Gradient), Vector256.Create(leaf.Hessian), Vector256.Create(leaf.Lambda));
        var (least, parent) = (Vector256.Create(leaf.Least), Vector256.Create(leaf.Parent));
        int at = 0;
        for (; at <= bins - Vector256<double>.Count; at += Vector256<double>.Count)
        {
            var hl = Vector256.Load(h + at);
            var hr = allH - hl;
            var valid = Vector256.GreaterThanOrEqual(hl, least) & Vector256.GreaterThanOrEqual(hr, least);
            if (valid == Vector256<double>.Zero) continue;
            var gl = Vector256.Load(g + at);
            var gr = allG - gl;
            hl += lambda;
            hr += lambda;
            var gain = (gl * gl * hr + gr * gr * hl) / (hl * hr) - parent;
            Vector256.Store(Vector256.Load(gains + at) + Vector256.ConditionalSelect(valid, gain, Vector256<double>.Zero), gains + at);
        }
        return at;
    }
}
