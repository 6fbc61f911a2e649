using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Products of columns with the weights or the residuals of up to four outputs at a time, so that a number is read and widened
/// once instead of once an output. The same operations in the same order as <see cref="ColumnKernels"/> does them for one output,
/// so the same bits.
/// </summary>
internal static class ClassProductKernel
{
    /// <summary>Outputs of one call.</summary>
    public const int Outputs = 4;

    const int Lanes = 16;

    /// <summary>scores[k, i] = w[k, last] + sum over j of w[k, j] columns[j][start + i], each sum in the order of the columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="start">First row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="w">The weights of each output, the constant last, <paramref name="stride"/> apart.</param>
    /// <param name="stride">Weights of an output; may be more than the columns here.</param>
    /// <param name="outputs">1 to 4.</param>
    /// <param name="scores">Row i of output k is at k <paramref name="apart"/> + i.</param>
    /// <param name="apart">Between outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Times(float[][] columns, int start, int count, ReadOnlySpan<double> w, int stride, int outputs, Span<double> scores, int apart)
    {
        // Missing outputs repeat the last one, which is then written more than once.
        int b = Math.Min(1, outputs - 1), c = Math.Min(2, outputs - 1), d = outputs - 1, i = 0;
        ReadOnlySpan<double> wa = w[..stride], wb = w.Slice(b * stride, stride), wc = w.Slice(c * stride, stride), wd = w.Slice(d * stride, stride);
        for (; i + Lanes <= count; i += Lanes)
        {
            Vector512<double> a0 = Vector512.Create(wa[^1]), b0 = Vector512.Create(wb[^1]), c0 = Vector512.Create(wc[^1]), d0 = Vector512.Create(wd[^1]);
            Vector512<double> a1 = a0, b1 = b0, c1 = c0, d1 = d0;
            for (int j = 0; j < columns.Length; j++)
            {
                ref float at = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(columns[j]), start + i);
                Vector512<double> x0 = Widened(ref at, 0), x1 = Widened(ref at, 8);
                var v = Vector512.Create(wa[j]);
                a0 = Vector512.FusedMultiplyAdd(v, x0, a0);
                a1 = Vector512.FusedMultiplyAdd(v, x1, a1);
                v = Vector512.Create(wb[j]);
                b0 = Vector512.FusedMultiplyAdd(v, x0, b0);
                b1 = Vector512.FusedMultiplyAdd(v, x1, b1);
                v = Vector512.Create(wc[j]);
                c0 = Vector512.FusedMultiplyAdd(v, x0, c0);
                c1 = Vector512.FusedMultiplyAdd(v, x1, c1);
                v = Vector512.Create(wd[j]);
                d0 = Vector512.FusedMultiplyAdd(v, x0, d0);
                d1 = Vector512.FusedMultiplyAdd(v, x1, d1);
            }
            Store(a0, a1, scores.Slice(i, Lanes));
            Store(b0, b1, scores.Slice(b * apart + i, Lanes));
            Store(c0, c1, scores.Slice(c * apart + i, Lanes));
            Store(d0, d1, scores.Slice(d * apart + i, Lanes));
        }
        for (int k = 0; k < outputs; k++)
        {
            var rest = scores.Slice(k * apart + i, count - i);
            rest.Fill(w[k * stride + stride - 1]);
            for (int j = 0; j < columns.Length; j++) ColumnKernels.AddScaled(columns[j].AsSpan(start + i, count - i), w[k * stride + j], rest);
        }
    }

    /// <summary>The products of two columns with the residuals of up to four outputs.</summary>
    /// <param name="x">A column.</param>
    /// <param name="y">Another.</param>
    /// <param name="r">Residuals: row i of output k is at k x.Length + i.</param>
    /// <param name="outputs">1 to 4.</param>
    /// <param name="result">Gets the products of output k at k <paramref name="stride"/> and after it.</param>
    /// <param name="stride">Between outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> r, int outputs, Span<double> result, int stride)
    {
        int n = x.Length, b = Math.Min(1, outputs - 1) * n, c = Math.Min(2, outputs - 1) * n, d = (outputs - 1) * n, i = 0;
        if (y.Length != n || r.Length < outputs * n) throw new ArgumentException("columns and residuals differ in length");
        ref float atX = ref MemoryMarshal.GetReference(x), atY = ref MemoryMarshal.GetReference(y);
        ref double at = ref MemoryMarshal.GetReference(r);
        Vector512<double> xa0 = default, xa1 = default, xb0 = default, xb1 = default, xc0 = default, xc1 = default, xd0 = default, xd1 = default,
            ya0 = default, ya1 = default, yb0 = default, yb1 = default, yc0 = default, yc1 = default, yd0 = default, yd1 = default;
        for (; i + Lanes <= n; i += Lanes)
        {
            Vector512<double> x0 = Widened(ref atX, i), x1 = Widened(ref atX, i + 8), y0 = Widened(ref atY, i), y1 = Widened(ref atY, i + 8);
            Vector512<double> low = Vector512.LoadUnsafe(ref at, (nuint)i), high = Vector512.LoadUnsafe(ref at, (nuint)(i + 8));
            xa0 = Vector512.FusedMultiplyAdd(x0, low, xa0);
            xa1 = Vector512.FusedMultiplyAdd(x1, high, xa1);
            ya0 = Vector512.FusedMultiplyAdd(y0, low, ya0);
            ya1 = Vector512.FusedMultiplyAdd(y1, high, ya1);
            (low, high) = (Vector512.LoadUnsafe(ref at, (nuint)(b + i)), Vector512.LoadUnsafe(ref at, (nuint)(b + i + 8)));
            xb0 = Vector512.FusedMultiplyAdd(x0, low, xb0);
            xb1 = Vector512.FusedMultiplyAdd(x1, high, xb1);
            yb0 = Vector512.FusedMultiplyAdd(y0, low, yb0);
            yb1 = Vector512.FusedMultiplyAdd(y1, high, yb1);
            (low, high) = (Vector512.LoadUnsafe(ref at, (nuint)(c + i)), Vector512.LoadUnsafe(ref at, (nuint)(c + i + 8)));
            xc0 = Vector512.FusedMultiplyAdd(x0, low, xc0);
            xc1 = Vector512.FusedMultiplyAdd(x1, high, xc1);
            yc0 = Vector512.FusedMultiplyAdd(y0, low, yc0);
            yc1 = Vector512.FusedMultiplyAdd(y1, high, yc1);
            (low, high) = (Vector512.LoadUnsafe(ref at, (nuint)(d + i)), Vector512.LoadUnsafe(ref at, (nuint)(d + i + 8)));
            xd0 = Vector512.FusedMultiplyAdd(x0, low, xd0);
            xd1 = Vector512.FusedMultiplyAdd(x1, high, xd1);
            yd0 = Vector512.FusedMultiplyAdd(y0, low, yd0);
            yd1 = Vector512.FusedMultiplyAdd(y1, high, yd1);
        }
        Span<double> sums = [Fold(xa0 + xa1), Fold(ya0 + ya1), Fold(xb0 + xb1), Fold(yb0 + yb1), Fold(xc0 + xc1), Fold(yc0 + yc1), Fold(xd0 + xd1), Fold(yd0 + yd1)];
        for (int k = 0; k < outputs; k++)
        {
            var rest = r.Slice(k * n, n);
            double sumX = sums[2 * k], sumY = sums[2 * k + 1];
            for (int t = i; t < n; t++)
            {
                sumX = Math.FusedMultiplyAdd(x[t], rest[t], sumX);
                sumY = Math.FusedMultiplyAdd(y[t], rest[t], sumY);
            }
            (result[k * stride], result[k * stride + 1]) = (sumX, sumY);
        }
    }

    static void Store(Vector512<double> low, Vector512<double> high, Span<double> to)
    {
        low.CopyTo(to);
        high.CopyTo(to[8..]);
    }

    static double Fold(Vector512<double> v)
    {
        double a = v[0] + v[4], b = v[1] + v[5], c = v[2] + v[6], d = v[3] + v[7];
        return a + c + (b + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Widened(ref float x, int i)
    {
        var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref x, (nuint)i));
        return Vector512.Create(low, high);
    }
}
