using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>(s - y)^2 / 2.</summary>
internal sealed class SquaredLoss : IBoostingLoss
{
    public string Name => "squared_error";

    public Link Link => Link.Identity;

    public void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores) => scores[0] = Weighted.Mean(values, weights);

    public void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < scores.Length; i++) gradients[i] = (float)(scores[i] - values[i]);
        hessians.Fill(1);
    }

    public double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += weights[i] * (scores[i] - values[i]) * (scores[i] - values[i]) / 2;
        return sum;
    }
}
