using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Gradients and hessians of one tree as integers of 15 and 16 bits on power-of-two scales. Sums of integers are exact, so
/// histograms do not depend on the order of rows or on threads. (Shi et al., NeurIPS 2022, show that far fewer bits do; with
/// 15, rounding to nearest needs no chance. Leaf values are computed from the exact gradients afterwards.)
/// </summary>
internal sealed class GradientPack
{
    const int Chunk = 8192;

    /// <summary>What a gradient unit stands for.</summary>
    public double GradientScale { get; private set; } = 1;

    /// <summary>What a hessian unit stands for.</summary>
    public double HessianScale { get; private set; } = 1;

    /// <summary>
    /// Rounds and writes the gradients into the records. A row's own gradient is rounded first (to 14 and 15 bits) and its
    /// weight applied to that, so that weight 2 is the row twice to the bit.
    /// </summary>
    /// <exception cref="LearningException">A gradient is not finite or a hessian is negative.</exception>
    public void Write(float[] gradients, float[] hessians, double[]? weights, TrainingRows rows, WorkerPool workers)
    {
        var largest = Largest(gradients, hessians, weights, workers);
        if (!double.IsFinite(largest.Gradient) || !double.IsFinite(largest.Hessian))
            throw new LearningException("loss-not-finite", "the loss gave a gradient or hessian that is not a number, infinite, or (hessian) below 0");
        double ownGradient = Unit(largest.Gradient, 13), ownHessian = Unit(largest.Hessian, 14);
        GradientScale = Math.Max(ownGradient, Unit(largest.WeightedGradient, 14));
        HessianScale = Math.Max(ownHessian, Unit(largest.WeightedHessian, 15));
        double perGradient = 1 / ownGradient, perHessian = 1 / ownHessian;
        double gradientShare = ownGradient / GradientScale, hessianShare = ownHessian / HessianScale;
        workers.ForChunks(rows.Count, Chunk, (_, start, end) =>
        {
            Span<int> packed = stackalloc int[Chunk];
            if (weights is null) PackKernel.Pack(gradients.AsSpan(start, end - start), hessians.AsSpan(start, end - start), perGradient, perHessian, packed);
            else
                for (int i = start; i < end; i++)
                {
                    double g = Math.Round(gradients[i] * perGradient), h = Math.Round(hessians[i] * perHessian);
                    packed[i - start] = PackKernel.Join(Math.Round(g * gradientShare * weights[i]), Math.Round(h * hessianShare * weights[i]));
                }
            rows.SetGradients(start, end, packed);
        });
    }

    static Extremes Largest(float[] gradients, float[] hessians, double[]? weights, WorkerPool workers)
    {
        var found = new Extremes[(gradients.Length + Chunk - 1) / Chunk];
        workers.ForChunks(gradients.Length, Chunk, (chunk, start, end) =>
        {
            var (g, h) = PackKernel.Largest(gradients.AsSpan(start, end - start), hessians.AsSpan(start, end - start));
            var own = new Extremes(g, h, g, h);
            if (weights is not null)
                for (int i = start; i < end; i++) own = own.With(new(g, h, Math.Abs(gradients[i]) * weights[i], hessians[i] * weights[i]));
            found[chunk] = own;
        });
        var all = new Extremes(0, 0, 0, 0);
        foreach (var chunk in found) all = all.With(chunk);
        return all;
    }

    /// <summary>The power of two that brings the largest value to between 2^bits and 2^(bits + 1).</summary>
    static double Unit(double largest, int bits) => Elementary.PowerOfTwo(largest > 0 ? Math.ILogB(largest) - bits : 0);

    readonly record struct Extremes(double Gradient, double Hessian, double WeightedGradient, double WeightedHessian)
    {
        public Extremes With(in Extremes other) => new(Math.Max(Gradient, other.Gradient), Math.Max(Hessian, other.Hessian),
            Math.Max(WeightedGradient, other.WeightedGradient), Math.Max(WeightedHessian, other.WeightedHessian));
    }
}
