using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>
/// Solves the Newton equations by conjugate gradients as far as the accuracy asks (Dembo and Steihaug, 1983; the inner loop of
/// liblinear's trust region Newton, Lin et al. 2008), with the diagonal as preconditioner, or the factored second derivatives of
/// a point nearby. Needs two passes over the data a turn; from zero, with the diagonal, it tends to the solution of least norm.
/// </summary>
internal sealed class ConjugateGradientStep(bool intercept, ClassCurvature? nearby = null) : IStepFinder
{
    const int MostTurns = 1000;

    double[] step = [], rest = [], towards = [], image = [], diagonal = [], eased = [], scores = [], bent = [];

    public double[] Find(NewtonRun run, Design design, LinearLoss loss, Penalty penalty, double accuracy)
    {
        int size = run.Coefficients.Length;
        if (image.Length != size)
        {
            (rest, towards, image, diagonal, eased) = (new double[size], new double[size], new double[size], new double[size], new double[size]);
            (scores, bent) = (new double[run.Scores.Length], new double[run.Scores.Length]);
        }
        step = new double[size];
        if (nearby is { Shared: false }) nearby.RenewWherePaid(run.Rows, penalty);
        if (nearby is not { IsReady: true }) UpdateDiagonal(run, design, loss, penalty);
        double slope = 0, product = 0;
        for (int at = 0; at < size; at++) rest[at] = -run.Slope[at];
        Ease();
        for (int at = 0; at < size; at++)
        {
            towards[at] = eased[at];
            slope = Math.Max(slope, Math.Abs(rest[at]));
            product += rest[at] * towards[at];
        }
        int turn = 0;
        for (; turn < Math.Min(MostTurns, 2 * size + 10); turn++)
        {
            ApplyCurvature(run, design, loss, penalty);
            double bend = ColumnKernels.Dot(towards, image);
            if (!(bend > 0)) break;
            double length = product / bend, largest = 0;
            ColumnKernels.AddScaled(towards, length, step);
            ColumnKernels.AddScaled(image, -length, rest);
            for (int at = 0; at < size; at++) largest = Math.Max(largest, Math.Abs(rest[at]));
            if (largest <= accuracy * slope) break;
            double next = Ease(), keep = next / product;
            product = next;
            for (int at = 0; at < size; at++) towards[at] = eased[at] + keep * towards[at];
        }
        nearby?.Count(turn + 1);
        return step;
    }

    /// <summary>What the preconditioner makes of the rest, and the product of the two.</summary>
    double Ease()
    {
        if (nearby is { IsReady: true })
        {
            nearby.Solve(rest, eased);
            return ColumnKernels.Dot(rest, eased);
        }
        double product = 0;
        for (int at = 0; at < rest.Length; at++)
        {
            eased[at] = rest[at] / diagonal[at];
            product += rest[at] * rest[at] / diagonal[at];
        }
        return product;
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
