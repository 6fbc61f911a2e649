using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>
/// Pinball loss: share x (y - s) below the target, (1 - share) x (s - y) above; a share of 1/2 is half the absolute error.
/// Leaves take the quantile of their rows' residuals (Friedman, 2001, algorithm 3).
/// </summary>
internal sealed class QuantileLoss(double share, string name) : IBoostingLoss, ILeafRenewal
{
    public string Name => name;

    public Link Link => Link.Identity;

    public void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores)
        => scores[0] = Weighted.Quantile(values.ToArray(), weights.ToArray(), share);

    public void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < scores.Length; i++)
            gradients[i] = scores[i] > values[i] ? (float)(1 - share) : scores[i] < values[i] ? (float)-share : 0;
        hessians.Fill(1);
    }

    public double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double above = scores[i] - values[i];
            sum += weights[i] * (above > 0 ? (1 - share) * above : -share * above);
        }
        return sum;
    }

    public double LeafValue(Span<double> residuals, Span<double> weights) => Weighted.Quantile(residuals, weights, share);
}
