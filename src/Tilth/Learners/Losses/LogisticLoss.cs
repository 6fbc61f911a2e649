using Tilth.Kernels;
using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>Log loss of two classes: log(1 + e^-s) for the positive one; gradient p - y, hessian p (1 - p).</summary>
internal sealed class LogisticLoss : IBoostingLoss
{
    public string Name => "log_loss";

    public Link Link => Link.Logistic;

    public void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores)
    {
        double share = Weighted.Mean(values, weights);
        share = Math.Clamp(share, 1e-9, 1 - 1e-9);
        scores[0] = Elementary.Log(share / (1 - share));
    }

    public void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
        => LogisticKernel.Gradients(scores, values, gradients, hessians);

    public double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
            sum += weights[i] * (Elementary.Softplus(scores[i]) - values[i] * scores[i]);
        return sum;
    }
}
