using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>
/// Solves the Newton equations by a Cholesky factor of the second derivatives; where these are singular (one-hot columns beside
/// an intercept, copies of a column) it takes the step of least norm. For one output and few columns.
/// </summary>
internal sealed class DirectStep(bool intercept) : IStepFinder
{
    const int MostForEigen = 300;

    readonly ConjugateGradientStep fallback = new(intercept);
    double[]? gram;
    Cholesky? factor;
    double factorL2 = double.NaN;

    public double[] Find(NewtonRun run, Design design, LinearLoss loss, Penalty penalty, double accuracy)
    {
        int p = design.Columns, size = p + 1;
        if (gram is null || !loss.IsQuadratic)
        {
            gram = Gram.Of(design, run.Rows.Curvature);
            if (!intercept) Silence(gram, size);
            factorL2 = double.NaN;
        }
        if (factorL2 != penalty.L2)
        {
            factor = Cholesky.Of(WithPenalty(gram, size, penalty.L2), size);
            factorL2 = penalty.L2;
        }
        if (factor is null && (p > MostForEigen || penalty.L2 > 0)) return fallback.Find(run, design, loss, penalty, accuracy);
        var step = Array.ConvertAll(run.Slope, slope => -slope);
        if (factor is not null) factor.Solve(step);
        else SolveLeastNorm(WithPenalty(gram, size, penalty.L2), size, step);
        return step;
    }

    static double[] WithPenalty(double[] gram, int size, double l2)
    {
        var matrix = (double[])gram.Clone();
        for (int j = 0; j < size - 1; j++) matrix[j * size + j] += l2;
        return matrix;
    }

    /// <summary>The column of ones takes no part.</summary>
    static void Silence(double[] gram, int size)
    {
        for (int j = 0; j < size; j++) gram[(size - 1) * size + j] = gram[j * size + size - 1] = 0;
        gram[^1] = 1;
    }

    /// <summary>Eliminates the intercept, which has no part in the norm, and solves for the weights.</summary>
    static void SolveLeastNorm(double[] matrix, int size, double[] b)
    {
        int p = size - 1;
        double corner = matrix[^1];
        if (!(corner > 0)) corner = 1;
        var inner = new double[p * p];
        var right = new double[p];
        for (int i = 0; i < p; i++)
        {
            double share = matrix[i * size + p] / corner;
            for (int j = 0; j < p; j++) inner[i * p + j] = matrix[i * size + j] - share * matrix[j * size + p];
            right[i] = b[i] - share * b[p];
        }
        SymmetricEigen.SolveLeastNorm(inner, p, right);
        double rest = b[p];
        for (int j = 0; j < p; j++) rest -= matrix[j * size + p] * right[j];
        right.CopyTo(b, 0);
        b[p] = rest / corner;
    }
}
