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
    {
        int n = rows.Target.Length;
        double sum = 0;
        for (int i = start; i < end; i++)
        {
            double weight = rows.Weights[i], max = double.NegativeInfinity, total = 0;
            for (int k = 0; k < classes; k++) max = Math.Max(max, rows.Scores[k * n + i]);
            for (int k = 0; k < classes; k++) total += rows.Curvature[k * n + i] = Elementary.Exp(rows.Scores[k * n + i] - max);
            int y = (int)rows.Target[i];
            if (weight != 0) sum += weight * (max + Elementary.Log(total) - rows.Scores[y * n + i]);
            for (int k = 0; k < classes; k++)
            {
                double p = rows.Curvature[k * n + i] / total;
                rows.Curvature[k * n + i] = weight * p;
                rows.Gradient[k * n + i] = weight * (k == y ? p - 1 : p);
            }
        }
        return sum;
    }

    public override void CurvatureTimes(LossRows rows, double[] direction, double[] result, int start, int end)
    {
        int n = rows.Target.Length;
        for (int i = start; i < end; i++)
        {
            if (rows.Weights[i] == 0)
            {
                for (int k = 0; k < classes; k++) result[k * n + i] = 0;
                continue;
            }
            double mean = 0;
            for (int k = 0; k < classes; k++) mean += rows.Curvature[k * n + i] * direction[k * n + i];
            mean /= rows.Weights[i];
            for (int k = 0; k < classes; k++) result[k * n + i] = rows.Curvature[k * n + i] * (direction[k * n + i] - mean);
        }
    }

    protected override double Evaluate(double score, double y, out double first, out double second)
        => throw new NotSupportedException("the loss has several outputs");
}
