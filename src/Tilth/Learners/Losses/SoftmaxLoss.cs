using Tilth.Kernels;
using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>
/// Log loss of K classes: gradient p_k - y_k; the diagonal hessian p_k (1 - p_k) is widened by K / (K - 1), as in LightGBM,
/// for the classes that move along (Friedman, 2001, algorithm 6).
/// </summary>
internal sealed class SoftmaxLoss(int classes) : IBoostingLoss
{
    readonly double widening = classes / (classes - 1.0);

    public string Name => "log_loss";

    public Link Link => Link.Softmax;

    public int Outputs => classes;

    public void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores)
    {
        scores.Clear();
        double total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            scores[(int)values[i]] += weights[i];
            total += weights[i];
        }
        foreach (ref double score in scores) score = Elementary.Log(Math.Max(score / total, 1e-9));
    }

    public void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
    {
        var p = new double[classes];
        for (int i = 0, at = 0; i < values.Length; i++, at += classes)
        {
            scores.Slice(at, classes).CopyTo(p);
            Links.Apply(Link.Softmax, p, classes);
            for (int k = 0; k < classes; k++)
            {
                gradients[at + k] = (float)(p[k] - (values[i] == k ? 1 : 0));
                hessians[at + k] = (float)Math.Max(widening * p[k] * (1 - p[k]), 1e-16);
            }
        }
    }

    public double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0, at = 0; i < values.Length; i++, at += classes)
        {
            var row = scores.Slice(at, classes);
            double max = double.NegativeInfinity, exponentials = 0;
            foreach (double score in row) max = Math.Max(max, score);
            foreach (double score in row) exponentials += Elementary.Exp(score - max);
            sum += weights[i] * (max + Elementary.Log(exponentials) - row[(int)values[i]]);
        }
        return sum;
    }
}
