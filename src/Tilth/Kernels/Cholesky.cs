namespace Tilth.Kernels;

/// <summary>
/// The factor L of a symmetric positive definite matrix A = S L L' S, where the scaling S makes the diagonal 1, so that units
/// of columns do not matter to what counts as singular.
/// </summary>
internal sealed class Cholesky
{
    const double SmallestPivot = 1e-12;

    readonly double[] factor, scale;
    readonly int size;

    Cholesky(double[] factor, double[] scale) => (this.factor, this.scale, size) = (factor, scale, scale.Length);

    /// <summary>The factor, or null if the matrix is singular to working precision.</summary>
    /// <param name="matrix">size x size, row by row; only the lower triangle is read.</param>
    /// <param name="size">Rows of the matrix.</param>
    public static Cholesky? Of(double[] matrix, int size)
    {
        var scale = new double[size];
        for (int i = 0; i < size; i++)
        {
            double diagonal = matrix[i * size + i];
            if (!(diagonal > 0) || double.IsInfinity(diagonal)) return null;
            scale[i] = 1 / Math.Sqrt(diagonal);
        }
        var l = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            var row = l.AsSpan(i * size, size);
            for (int j = 0; j < i; j++)
                row[j] = (matrix[i * size + j] * scale[i] * scale[j] - ColumnKernels.Dot(row[..j], l.AsSpan(j * size, j))) / l[j * size + j];
            double pivot = 1 - ColumnKernels.Dot(row[..i], row[..i]);
            if (!(pivot > SmallestPivot)) return null;
            row[i] = Math.Sqrt(pivot);
        }
        return new(l, scale);
    }

    /// <summary>Solves A x = b in place.</summary>
    public void Solve(Span<double> b)
    {
        for (int i = 0; i < size; i++)
            b[i] = (b[i] * scale[i] - ColumnKernels.Dot(factor.AsSpan(i * size, i), b[..i])) / factor[i * size + i];
        SolveUpper(b);
    }

    /// <summary>For A = F F': solves F X = B in place for many right sides, which lie side by side.</summary>
    /// <param name="b">size x width, row by row.</param>
    /// <param name="width">Right sides.</param>
    public void SolveLower(Span<double> b, int width)
    {
        for (int i = 0; i < size; i++)
        {
            var row = b.Slice(i * width, width);
            double unit = 1 / factor[i * size + i];
            foreach (ref double value in row) value *= scale[i] * unit;
            for (int j = 0; j < i; j++) ColumnKernels.AddScaled(b.Slice(j * width, width), -factor[i * size + j] * unit, row);
        }
    }

    /// <summary>For A = F F': solves F' x = b in place.</summary>
    public void SolveUpper(Span<double> b)
    {
        for (int i = size - 1; i >= 0; i--)
        {
            b[i] /= factor[i * size + i];
            ColumnKernels.AddScaled(factor.AsSpan(i * size, i), -b[i], b[..i]);
        }
        for (int i = 0; i < size; i++) b[i] *= scale[i];
    }

    /// <summary>The inverse of the matrix, row by row.</summary>
    public double[] Inverse()
    {
        var inverse = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            inverse[i * size + i] = 1;
            Solve(inverse.AsSpan(i * size, size));
        }
        return inverse;
    }
}
