using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>
/// Gradients and hessians of one tree as integers of 15 and 16 bits on power-of-two scales. Sums of integers are exact, so
/// histograms do not depend on the order of rows or on threads. (Shi et al., NeurIPS 2022, show that far fewer bits do; with
/// 15, rounding to nearest needs no chance. Leaf values are computed from the exact gradients afterwards.)
/// </summary>
internal sealed class GradientPack
{
    /// <summary>Rows that are written at a time: few enough to be read again from the cache.</summary>
    public const int Block = 4096;

    float[] gradients = [], hessians = [];
    double[]? weights;
    double perGradient, perHessian, gradientShare, hessianShare;

    /// <summary>What a gradient unit stands for.</summary>
    public double GradientScale { get; private set; } = 1;

    /// <summary>What a hessian unit stands for.</summary>
    public double HessianScale { get; private set; } = 1;

    /// <summary>
    /// Chooses the scales. A row's own gradient is rounded first (to 14 and 15 bits) and its weight applied to that, so that
    /// weight 2 is the row twice to the bit.
    /// </summary>
    /// <exception cref="LearningException">A gradient is not finite or a hessian is negative.</exception>
    public void Prepare(float[] gradients, float[] hessians, double[]? weights, in GradientExtremes largest)
    {
        (this.gradients, this.hessians, this.weights) = (gradients, hessians, weights);
        if (!double.IsFinite(largest.Gradient) || !double.IsFinite(largest.Hessian))
            throw new LearningException("loss-not-finite", "the loss gave a gradient or hessian that is not a number, infinite, or (hessian) below 0");
        double ownGradient = Unit(largest.Gradient, 13), ownHessian = Unit(largest.Hessian, 14);
        GradientScale = Math.Max(ownGradient, Unit(largest.WeightedGradient, 14));
        HessianScale = Math.Max(ownHessian, Unit(largest.WeightedHessian, 15));
        (perGradient, perHessian) = (1 / ownGradient, 1 / ownHessian);
        (gradientShare, hessianShare) = (ownGradient / GradientScale, ownHessian / HessianScale);
    }

    /// <summary>Rounds the gradients of positions start to end - 1 and writes them into a tile's records.</summary>
    public void Write(TrainingRows rows, in TrainingRows.Tile tile, int start, int end)
    {
        Span<int> packed = stackalloc int[Block];
        for (int from = start; from < end; from += Block)
        {
            int to = Math.Min(from + Block, end);
            if (weights is null) PackKernel.Pack(gradients.AsSpan(from, to - from), hessians.AsSpan(from, to - from), perGradient, perHessian, packed);
            else
                for (int i = from; i < to; i++)
                {
                    double g = Math.Round(gradients[i] * perGradient), h = Math.Round(hessians[i] * perHessian);
                    packed[i - from] = PackKernel.Join(Math.Round(g * gradientShare * weights[i]), Math.Round(h * hessianShare * weights[i]));
                }
            rows.SetGradients(tile, from, packed[..(to - from)]);
        }
    }

    /// <summary>The power of two that brings the largest value to between 2^bits and 2^(bits + 1).</summary>
    static double Unit(double largest, int bits) => Elementary.PowerOfTwo(largest > 0 ? Math.ILogB(largest) - bits : 0);
}
