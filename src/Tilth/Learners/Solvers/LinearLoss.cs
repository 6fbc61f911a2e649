using Tilth.Kernels;
using Tilth.Models;

namespace Tilth.Learners.Solvers;

/// <summary>
/// A convex loss of scores, with its first two derivatives. Scores, gradients and curvatures are laid out output by output
/// (outputs x rows). Every method works on rows start to end - 1, so that chunks can run on any thread.
/// </summary>
internal abstract class LinearLoss
{
    public virtual int Outputs => 1;

    public abstract Link Link { get; }

    /// <summary>The second derivative depends on neither score nor target.</summary>
    public virtual bool IsQuadratic => false;

    /// <summary>The weighted loss of the rows; writes weighted first and second derivatives.</summary>
    public virtual double Evaluate(LossRows rows, int start, int end)
    {
        double sum = 0;
        for (int i = start; i < end; i++)
        {
            double weight = rows.Weights[i];
            if (weight == 0)
            {
                rows.Gradient[i] = rows.Curvature[i] = 0;
                continue;
            }
            sum += weight * Evaluate(rows.Scores[i], rows.Target[i], out double first, out double second);
            (rows.Gradient[i], rows.Curvature[i]) = (weight * first, weight * second);
        }
        return sum;
    }

    /// <summary>The loss of one score and its derivatives; only for losses of one output.</summary>
    protected abstract double Evaluate(double score, double y, out double first, out double second);

    /// <summary>The score of the best constant, given the weighted mean of the target.</summary>
    public virtual double StartScore(double mean) => mean;

    /// <summary>result = second derivatives times a direction of scores.</summary>
    public virtual void CurvatureTimes(LossRows rows, double[] direction, double[] result, int start, int end)
    {
        for (int i = start; i < end; i++) result[i] = rows.Curvature[i] * direction[i];
    }
}

/// <summary>The arrays that a loss works on; see <see cref="LinearLoss"/> for their layout.</summary>
internal readonly record struct LossRows(double[] Target, double[] Weights, double[] Scores, double[] Gradient, double[] Curvature);

/// <summary>Half the squared error.</summary>
internal sealed class SquaredLoss : LinearLoss
{
    public override Link Link => Link.Identity;

    public override bool IsQuadratic => true;

    protected override double Evaluate(double score, double y, out double first, out double second)
    {
        (first, second) = (score - y, 1);
        return 0.5 * first * first;
    }
}

/// <summary>Log loss of a yes or no: log(1 + e^s) - y s.</summary>
internal sealed class LogisticLoss : LinearLoss
{
    public override Link Link => Link.Logistic;

    public override double StartScore(double mean) => Elementary.Log(Math.Clamp(mean, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(mean, 1e-6, 1 - 1e-6)));

    protected override double Evaluate(double score, double y, out double first, out double second)
    {
        double e = Elementary.Exp(-Math.Abs(score)), p = (score >= 0 ? 1 : e) / (1 + e);
        (first, second) = (p - y, e / ((1 + e) * (1 + e)));
        return Math.Max(score, 0) + Elementary.Log1p(e) - y * score;
    }
}

/// <summary>Half the Poisson deviance under a logarithmic link, up to a constant: e^s - y s.</summary>
internal sealed class PoissonLoss : LinearLoss
{
    public override Link Link => Link.Exponential;

    public override double StartScore(double mean) => Elementary.Log(Math.Max(mean, 1e-10));

    protected override double Evaluate(double score, double y, out double first, out double second)
    {
        double mean = Elementary.Exp(score);
        (first, second) = (mean - y, mean);
        return mean - y * score;
    }
}

/// <summary>Half the Gamma deviance under a logarithmic link, up to a constant: s + y e^-s.</summary>
internal sealed class GammaLoss : LinearLoss
{
    public override Link Link => Link.Exponential;

    public override double StartScore(double mean) => Elementary.Log(Math.Max(mean, 1e-10));

    protected override double Evaluate(double score, double y, out double first, out double second)
    {
        double ratio = y * Elementary.Exp(-score);
        (first, second) = (1 - ratio, ratio);
        return score + ratio;
    }
}

/// <summary>
/// The quantile ("pinball") loss with its corner rounded over a width: q r + width log(1 + e^(-r / width)) with r = y - s. It
/// lies above the sharp loss by at most width log 2 (Chen and Mangasarian, 1996).
/// </summary>
internal sealed class RoundedQuantileLoss(double quantile, double width) : LinearLoss
{
    public override Link Link => Link.Identity;

    protected override double Evaluate(double score, double y, out double first, out double second)
    {
        double r = y - score, e = Elementary.Exp(-Math.Abs(r) / width), p = (r <= 0 ? 1 : e) / (1 + e);
        (first, second) = (p - quantile, e / ((1 + e) * (1 + e) * width));
        return quantile * r + Math.Max(-r, 0) + width * Elementary.Log1p(e);
    }
}
