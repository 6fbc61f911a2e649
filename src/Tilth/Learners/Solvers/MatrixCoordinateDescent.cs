using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>
/// Minimises the quadratic model plus an L1 penalty one weight at a time on the matrix of second derivatives ("covariance
/// updates", Friedman, Hastie and Tibshirani 2010, section 2.2). For one output and few columns.
/// </summary>
internal sealed class MatrixCoordinateDescent(bool intercept) : IStepFinder
{
    const int MostPasses = 2000;

    double[]? gram;

    public double[] Find(NewtonRun run, Design design, LinearLoss loss, Penalty penalty, double accuracy)
    {
        int p = design.Columns, size = p + 1;
        if (gram is null || !loss.IsQuadratic) gram = Gram.Of(design, run.Rows.Curvature);
        var step = new double[size];
        var slope = (double[])run.Slope.Clone(); // of the model at the present step
        double largest = 0;
        for (int j = 0; j < size; j++) largest = Math.Max(largest, Math.Abs(slope[j]));
        for (int pass = 0; pass < MostPasses; pass++)
        {
            double moved = 0;
            for (int j = 0; j < size; j++)
            {
                double l1 = j == p ? 0 : penalty.L1, bend = gram[j * size + j] + (j == p ? 0 : penalty.L2);
                if (bend <= 0 || (j == p && !intercept)) continue;
                double change = SoftThreshold.Change(run.Coefficients[j] + step[j], slope[j], bend, l1);
                if (change == 0) continue;
                step[j] += change;
                ColumnKernels.AddScaled(gram.AsSpan(j * size, size), change, slope);
                if (j != p) slope[j] += penalty.L2 * change;
                moved = Math.Max(moved, Math.Abs(change) * bend);
            }
            if (moved <= 0.1 * accuracy * largest) break;
        }
        return step;
    }
}

/// <summary>The minimum of a parabola plus an L1 penalty along one weight.</summary>
internal static class SoftThreshold
{
    /// <summary>The change of weight <paramref name="w"/> that minimises slope d + bend d^2 / 2 + l1 |w + d|.</summary>
    public static double Change(double w, double slope, double bend, double l1)
    {
        double free = bend * w - slope;
        double shrunk = free > l1 ? free - l1 : free < -l1 ? free + l1 : 0;
        return shrunk / bend - w;
    }
}
