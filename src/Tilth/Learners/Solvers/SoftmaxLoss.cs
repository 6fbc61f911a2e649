using Tilth.Kernels;
using Tilth.Models;

namespace Tilth.Learners.Solvers;

/// <summary>
/// Log loss of one of several classes. The curvature of a row is w (diag(p) - p p'); what is kept of it are the w p_k, which
/// also bound it from above class by class.
/// </summary>
internal sealed class SoftmaxLoss(int classes) : LinearLoss
{
    public override int Outputs => classes;

    public override Link Link => Link.Softmax;

    public override double StartScore(double mean) => Elementary.Log(Math.Max(mean, 1e-10));

    public override double Evaluate(LossRows rows, int start, int end)
        => SoftmaxKernel.Evaluate(rows.Target, rows.Weights, rows.Scores, rows.Gradient, rows.Curvature, classes, start, end);

    public override void CurvatureTimes(LossRows rows, double[] direction, double[] result, int start, int end)
        => SoftmaxKernel.CurvatureTimes(rows.Weights, rows.Curvature, direction, result, classes, start, end);

    protected override double Evaluate(double score, double y, out double first, out double second)
        => throw new NotSupportedException("the loss has several outputs");
}
