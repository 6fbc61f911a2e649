using Tilth.Kernels;
using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>
/// Deviances of a positive mean e^s, up to terms without s: Tweedie of power p between 1 (Poisson) and 2 (Gamma),
/// -y e^((1-p)s) / (1-p) + e^((2-p)s) / (2-p), with the limits e^s - y s and y e^-s + s at its ends.
/// </summary>
/// <param name="power">1 to 2.</param>
/// <param name="name">For progress.</param>
internal sealed class LogMeanLoss(double power, string name) : IBoostingLoss
{
    /// <summary>Scores beyond it count as it: e^50 is beyond any count or amount.</summary>
    const double Limit = 50;

    /// <summary>LightGBM's poisson_max_delta_step: widens the Poisson hessian, so that no step overshoots.</summary>
    const double MaxDeltaStep = 0.7;

    public string Name => name;

    public Link Link => Link.Exponential;

    public Problem? Check(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            if (value < 0 || (value == 0 && power == 2))
                return new("target-range", $"the target is {value} in some row, but the loss '{name}' needs values {(power == 2 ? "above 0" : "of at least 0")}");
        return null;
    }

    public void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores)
        => scores[0] = Elementary.Log(Math.Max(Weighted.Mean(values, weights), 1e-12));

    public void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double s = Math.Clamp(scores[i], -Limit, Limit), y = values[i];
            if (power == 1)
            {
                double mean = Elementary.Exp(s);
                (gradients[i], hessians[i]) = ((float)(mean - y), (float)(mean * Elementary.Exp(MaxDeltaStep)));
                continue;
            }
            double target = y * Elementary.Exp((1 - power) * s), own = Elementary.Exp((2 - power) * s);
            gradients[i] = (float)(own - target);
            hessians[i] = (float)((2 - power) * own + (power - 1) * target);
        }
    }

    public double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += weights[i] * One(Math.Clamp(scores[i], -Limit, Limit), values[i]);
        return sum;
    }

    double One(double s, double y)
    {
        if (power == 1) return Elementary.Exp(s) - y * s;
        if (power == 2) return y * Elementary.Exp(-s) + s;
        return y * Elementary.Exp((1 - power) * s) / (power - 1) + Elementary.Exp((2 - power) * s) / (2 - power);
    }
}
