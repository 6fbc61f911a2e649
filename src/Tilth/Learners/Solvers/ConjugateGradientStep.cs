using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>
/// Solves the Newton equations by conjugate gradients with the diagonal as preconditioner, as far as the accuracy asks (Dembo
/// and Steihaug, 1983; the inner loop of liblinear's trust region Newton, Lin et al. 2008). Needs two passes over the data a
/// turn and no matrix; from zero it tends to the solution of least norm.
/// </summary>
internal sealed class ConjugateGradientStep(bool intercept) : IStepFinder
{
    const int MostTurns = 1000;

    double[] step = [], rest = [], towards = [], image = [], diagonal = [], scores = [], bent = [];

    public double[] Find(NewtonRun run, Design design, LinearLoss loss, Penalty penalty, double accuracy)
    {
        int size = run.Coefficients.Length;
        if (image.Length != size)
        {
            (rest, towards, image, diagonal) = (new double[size], new double[size], new double[size], new double[size]);
            (scores, bent) = (new double[run.Scores.Length], new double[run.Scores.Length]);
        }
        step = new double[size];
        UpdateDiagonal(run, design, loss, penalty);
        double slope = 0, product = 0;
        for (int at = 0; at < size; at++)
        {
            rest[at] = -run.Slope[at];
            towards[at] = rest[at] / diagonal[at];
            slope = Math.Max(slope, Math.Abs(rest[at]));
            product += rest[at] * towards[at];
        }
        for (int turn = 0; turn < Math.Min(MostTurns, 2 * size + 10); turn++)
        {
            ApplyCurvature(run, design, loss, penalty);
            double bend = ColumnKernels.Dot(towards, image);
            if (!(bend > 0)) break;
            double length = product / bend, largest = 0;
            ColumnKernels.AddScaled(towards, length, step);
            ColumnKernels.AddScaled(image, -length, rest);
            double next = 0;
            for (int at = 0; at < size; at++)
            {
                largest = Math.Max(largest, Math.Abs(rest[at]));
                next += rest[at] * rest[at] / diagonal[at];
            }
            if (largest <= accuracy * slope) break;
            double keep = next / product;
            product = next;
            for (int at = 0; at < size; at++) towards[at] = rest[at] / diagonal[at] + keep * towards[at];
        }
        return step;
    }

    void UpdateDiagonal(NewtonRun run, Design design, LinearLoss loss, Penalty penalty)
    {
        int p = design.Columns;
        design.Workers.For(loss.Outputs, k =>
        {
            var mine = diagonal.AsSpan(k * (p + 1), p + 1);
            design.SquaredNorms(run.Rows.Curvature, k * design.Rows, mine);
            for (int j = 0; j < p; j++) mine[j] += penalty.L2;
            for (int j = 0; j <= p; j++)
                if (!(mine[j] > 1e-300)) mine[j] = 1;
        });
    }

    /// <summary>image = (X' curvature X + l2) towards.</summary>
    void ApplyCurvature(NewtonRun run, Design design, LinearLoss loss, Penalty penalty)
    {
        int p = design.Columns;
        design.Times(towards, scores, loss.Outputs);
        design.Workers.ForChunks(design.Rows, Design.ChunkRows, (_, start, end) => loss.CurvatureTimes(run.Rows, scores, bent, start, end));
        design.TransposeTimes(bent, image, loss.Outputs);
        for (int at = 0; at < image.Length; at++)
            if (at % (p + 1) != p) image[at] += penalty.L2 * towards[at];
            else if (!intercept) image[at] = 0;
    }
}
