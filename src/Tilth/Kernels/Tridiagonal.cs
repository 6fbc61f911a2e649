namespace Tilth.Kernels;

/// <summary>
/// A symmetric matrix as Q T Q' with a tridiagonal T, by Householder's reflections (Golub and Van Loan, 4th ed., 8.3.1). T + s I
/// is solved for any s in a time that grows with its size only, so that one matrix serves many penalties.
/// </summary>
internal sealed class Tridiagonal
{
    readonly double[] reflections, factors, diagonal, beside;
    readonly int size;

    Tridiagonal(double[] reflections, int size)
        => (this.reflections, this.size, factors, diagonal, beside) = (reflections, size, new double[size], new double[size], new double[size]);

    /// <param name="matrix">size x size, row by row, both triangles; overwritten.</param>
    /// <param name="size">Rows of the matrix.</param>
    public static Tridiagonal Of(double[] matrix, int size)
    {
        var result = new Tridiagonal(matrix, size);
        var p = new double[size];
        for (int k = 0; k < size; k++) result.Reflect(k, p);
        return result;
    }

    /// <summary>Makes row and column k tridiagonal; its reflection v takes their place.</summary>
    void Reflect(int k, double[] p)
    {
        int rest = size - k - 1;
        diagonal[k] = reflections[k * size + k];
        if (rest == 0) return;
        var v = reflections.AsSpan(k * size + k + 1, rest);
        double norm = Math.Sqrt(ColumnKernels.Dot(v, v));
        beside[k] = v[0] > 0 ? -norm : norm;
        double tail = norm * norm - v[0] * v[0];
        if (rest == 1 || !(tail > 0)) // nothing to take away
        {
            beside[k] = v[0];
            return;
        }
        v[0] -= beside[k];
        double factor = factors[k] = 2 / ColumnKernels.Dot(v, v);
        var w = p.AsSpan(0, rest);
        for (int i = 0; i < rest; i++) w[i] = factor * ColumnKernels.Dot(Row(k + 1 + i, k + 1), v);
        ColumnKernels.AddScaled(v, -0.5 * factor * ColumnKernels.Dot(w, v), w);
        for (int i = 0; i < rest; i++)
        {
            var row = Row(k + 1 + i, k + 1);
            ColumnKernels.AddScaled(w, -v[i], row);
            ColumnKernels.AddScaled(v, -w[i], row);
        }
    }

    Span<double> Row(int row, int from) => reflections.AsSpan(row * size + from, size - from);

    /// <summary>x = Q' x.</summary>
    public void Rotate(Span<double> x)
    {
        for (int k = 0; k < size - 2; k++) Reflect(k, x);
    }

    /// <summary>x = Q x.</summary>
    public void RotateBack(Span<double> x)
    {
        for (int k = size - 3; k >= 0; k--) Reflect(k, x);
    }

    void Reflect(int k, Span<double> x)
    {
        if (factors[k] == 0) return;
        var v = Row(k, k + 1);
        ColumnKernels.AddScaled(v, -factors[k] * ColumnKernels.Dot(v, x[(k + 1)..]), x[(k + 1)..]);
    }

    /// <summary>The factors of T + shift I = L D L': the inverse of D, and what stands under the ones of L.</summary>
    /// <param name="shift">Large enough that the sum is positive definite.</param>
    public (double[] Inverse, double[] Below) Shifted(double shift)
    {
        double[] inverse = new double[size], below = new double[size];
        for (int i = 0; i < size; i++)
        {
            double pivot = diagonal[i] + shift - (i > 0 ? below[i - 1] * beside[i - 1] : 0);
            inverse[i] = 1 / Math.Max(pivot, 0.5 * shift); // below the shift by rounding only
            below[i] = beside[i] * inverse[i];
        }
        return (inverse, below);
    }

    /// <summary>Solves L x = x in place.</summary>
    public static void SolveLower(double[] below, Span<double> x)
    {
        for (int i = 1; i < x.Length; i++) x[i] = Math.FusedMultiplyAdd(-below[i - 1], x[i - 1], x[i]);
    }

    /// <summary>Solves L' x = x in place.</summary>
    public static void SolveUpper(double[] below, Span<double> x)
    {
        for (int i = x.Length - 2; i >= 0; i--) x[i] = Math.FusedMultiplyAdd(-below[i], x[i + 1], x[i]);
    }
}
