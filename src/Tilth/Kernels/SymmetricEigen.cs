namespace Tilth.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, 4th ed., 8.5): slow
/// beside other methods above a few hundred rows, and accurate also for the small eigenvalues.
/// </summary>
internal static class SymmetricEigen
{
    const int MostSweeps = 60;

    /// <summary>Overwrites the matrix with its diagonal form; returns the eigenvectors, one a row.</summary>
    public static double[] Decompose(double[] matrix, int size, out double[] values)
    {
        var vectors = new double[size * size];
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            vectors[i * size + i] = 1;
            trace += Math.Abs(matrix[i * size + i]);
        }
        for (int sweep = 0; sweep < MostSweeps && Sweep(matrix, vectors, size, 1e-17 * trace); sweep++) { }
        values = new double[size];
        for (int i = 0; i < size; i++) values[i] = matrix[i * size + i];
        return vectors;
    }

    /// <summary>x = the least-norm solution of A x = b; eigenvalues below 1e-12 of the largest count as 0.</summary>
    public static void SolveLeastNorm(double[] matrix, int size, Span<double> b)
    {
        var vectors = Decompose(matrix, size, out var values);
        double largest = 0;
        foreach (double value in values) largest = Math.Max(largest, value);
        var x = new double[size];
        for (int i = 0; i < size; i++)
            if (values[i] > 1e-12 * largest)
                ColumnKernels.AddScaled(vectors.AsSpan(i * size, size), ColumnKernels.Dot(vectors.AsSpan(i * size, size), b) / values[i], x);
        x.CopyTo(b);
    }

    static bool Sweep(double[] a, double[] vectors, int n, double small)
    {
        bool rotated = false;
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++)
            {
                double apq = a[p * n + q];
                if (Math.Abs(apq) <= small) continue;
                rotated = true;
                double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
                double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
                if (!double.IsFinite(t)) t = 0;
                double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
                for (int k = 0; k < n; k++) (a[k * n + p], a[k * n + q]) = (c * a[k * n + p] - s * a[k * n + q], s * a[k * n + p] + c * a[k * n + q]);
                Rotate(a.AsSpan(p * n, n), a.AsSpan(q * n, n), c, s);
                Rotate(vectors.AsSpan(p * n, n), vectors.AsSpan(q * n, n), c, s);
            }
        return rotated;
    }

    static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        for (int k = 0; k < x.Length; k++) (x[k], y[k]) = (c * x[k] - s * y[k], s * x[k] + c * y[k]);
    }
}
