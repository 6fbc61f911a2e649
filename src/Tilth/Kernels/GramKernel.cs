using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Adds A'B for two blocks of columns to the lower triangle of a matrix, four columns by four at a time. Each cell sums its
/// rows in 8 fixed lanes, so the bits do not depend on the vector width of the machine.
/// </summary>
internal static class GramKernel
{
    /// <summary>g[i, j] += sum over rows of a[row, i] b[row, j] for j up to the end of i's group of four.</summary>
    /// <param name="a">size columns of <paramref name="stride"/> rows each.</param>
    /// <param name="b">The same shape.</param>
    /// <param name="stride">Rows a column; a multiple of 8.</param>
    /// <param name="g">size x size, row by row.</param>
    /// <param name="size">Number of columns; a multiple of 4.</param>
    public static void AddLower(double[] a, double[] b, int stride, double[] g, int size)
    {
        for (int i = 0; i < size; i += 4)
            for (int j = 0; j <= i; j += 4) AddTile(a, b, i * stride, j * stride, stride, g.AsSpan(i * size + j), size);
    }

    static void AddTile(double[] a, double[] b, int atA, int atB, int stride, Span<double> g, int size)
    {
        ref double x = ref MemoryMarshal.GetArrayDataReference(a), y = ref MemoryMarshal.GetArrayDataReference(b);
        Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default,
            s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        for (int r = 0; r < stride; r += 8)
        {
            var y0 = Vector512.LoadUnsafe(ref y, (nuint)(atB + r));
            var y1 = Vector512.LoadUnsafe(ref y, (nuint)(atB + stride + r));
            var y2 = Vector512.LoadUnsafe(ref y, (nuint)(atB + 2 * stride + r));
            var y3 = Vector512.LoadUnsafe(ref y, (nuint)(atB + 3 * stride + r));
            var v = Vector512.LoadUnsafe(ref x, (nuint)(atA + r));
            s00 = Vector512.FusedMultiplyAdd(v, y0, s00);
            s01 = Vector512.FusedMultiplyAdd(v, y1, s01);
            s02 = Vector512.FusedMultiplyAdd(v, y2, s02);
            s03 = Vector512.FusedMultiplyAdd(v, y3, s03);
            v = Vector512.LoadUnsafe(ref x, (nuint)(atA + stride + r));
            s10 = Vector512.FusedMultiplyAdd(v, y0, s10);
            s11 = Vector512.FusedMultiplyAdd(v, y1, s11);
            s12 = Vector512.FusedMultiplyAdd(v, y2, s12);
            s13 = Vector512.FusedMultiplyAdd(v, y3, s13);
            v = Vector512.LoadUnsafe(ref x, (nuint)(atA + 2 * stride + r));
            s20 = Vector512.FusedMultiplyAdd(v, y0, s20);
            s21 = Vector512.FusedMultiplyAdd(v, y1, s21);
            s22 = Vector512.FusedMultiplyAdd(v, y2, s22);
            s23 = Vector512.FusedMultiplyAdd(v, y3, s23);
            v = Vector512.LoadUnsafe(ref x, (nuint)(atA + 3 * stride + r));
            s30 = Vector512.FusedMultiplyAdd(v, y0, s30);
            s31 = Vector512.FusedMultiplyAdd(v, y1, s31);
            s32 = Vector512.FusedMultiplyAdd(v, y2, s32);
            s33 = Vector512.FusedMultiplyAdd(v, y3, s33);
        }
        Add(g, s00, s01, s02, s03);
        Add(g[size..], s10, s11, s12, s13);
        Add(g[(2 * size)..], s20, s21, s22, s23);
        Add(g[(3 * size)..], s30, s31, s32, s33);
    }

    static void Add(Span<double> g, Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        g[0] += Fold(a);
        g[1] += Fold(b);
        g[2] += Fold(c);
        g[3] += Fold(d);
    }

    static double Fold(Vector512<double> v)
    {
        double a = v[0] + v[4], b = v[1] + v[5], c = v[2] + v[6], d = v[3] + v[7];
        return a + c + (b + d);
    }
}
