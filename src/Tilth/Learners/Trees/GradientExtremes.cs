using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>The largest absolute gradient and the largest hessian of some rows, plain and times the row's weight; NaN if one is NaN or a hessian is negative.</summary>
internal readonly record struct GradientExtremes(double Gradient, double Hessian, double WeightedGradient, double WeightedHessian)
{
    public static GradientExtremes Of(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, ReadOnlySpan<double> weights)
    {
        var (g, h) = PackKernel.Largest(gradients, hessians);
        double weightedG = g, weightedH = h;
        for (int i = 0; i < weights.Length; i++)
        {
            weightedG = Math.Max(weightedG, Math.Abs(gradients[i]) * weights[i]);
            weightedH = Math.Max(weightedH, hessians[i] * weights[i]);
        }
        return new(g, h, weightedG, weightedH);
    }

    public GradientExtremes With(in GradientExtremes other) => new(Math.Max(Gradient, other.Gradient), Math.Max(Hessian, other.Hessian),
        Math.Max(WeightedGradient, other.WeightedGradient), Math.Max(WeightedHessian, other.WeightedHessian));
}
