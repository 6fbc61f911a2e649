using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>Squared up to a distance, absolute beyond (Huber, 1964).</summary>
/// <param name="delta">The distance, in the target's unit.</param>
internal sealed class HuberLoss(double delta) : IBoostingLoss
{
    public string Name => "huber";

    public Link Link => Link.Identity;

    public void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores)
        => scores[0] = Weighted.Quantile(values.ToArray(), weights.ToArray(), 0.5);

    public void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < scores.Length; i++) gradients[i] = (float)Math.Clamp(scores[i] - values[i], -delta, delta);
        hessians.Fill(1);
    }

    public double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double distance = Math.Abs(scores[i] - values[i]);
            sum += weights[i] * (distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2));
        }
        return sum;
    }
}
