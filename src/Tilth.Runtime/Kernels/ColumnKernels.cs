using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// What linear models do with one column of numbers. Sums over rows use 16 fixed lanes and one written order of folding them;
/// element-wise work is one fused multiply-add a row. So the bits do not depend on the width of the machine's vectors: the
/// 512-bit form is split by the just-in-time compiler where the machine has less, and the tails do the same in scalar form.
/// </summary>
internal static class ColumnKernels
{
    const int Lanes = 16;

    /// <summary>y_i = fma(scale, x_i, y_i), with <paramref name="missing"/> in place of an x_i that is NaN.</summary>
    public static void AddScaled(ReadOnlySpan<float> x, double scale, double missing, Span<double> y)
    {
        int i = 0;
        var a = Vector512.Create(scale);
        var m = Vector512.Create(missing);
        for (; i + 8 <= x.Length; i += 8)
        {
            var v = Load(x, i);
            v = Vector512.ConditionalSelect(Vector512.Equals(v, v), v, m);
            Vector512.FusedMultiplyAdd(a, v, Vector512.LoadUnsafe(in MemoryMarshal.GetReference(y), (nuint)i))
                .StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        }
        for (; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(scale, float.IsNaN(x[i]) ? missing : x[i], y[i]);
    }

    /// <summary>y_i = fma(scale, x_i, y_i).</summary>
    public static void AddScaled(ReadOnlySpan<float> x, double scale, Span<double> y)
    {
        int i = 0;
        var a = Vector512.Create(scale);
        for (; i + 8 <= x.Length; i += 8)
            Vector512.FusedMultiplyAdd(a, Load(x, i), Load(y, i)).StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        for (; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(scale, x[i], y[i]);
    }

    /// <summary>y_i = fma(scale, x_i, y_i).</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double scale, Span<double> y)
    {
        int i = 0;
        var a = Vector512.Create(scale);
        for (; i + 8 <= x.Length; i += 8)
            Vector512.FusedMultiplyAdd(a, Load(x, i), Load(y, i)).StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        for (; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(scale, x[i], y[i]);
    }

    /// <summary>to_i = x_i y_i.</summary>
    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> to)
    {
        int i = 0;
        for (; i + 8 <= x.Length; i += 8) (Load(x, i) * Load(y, i)).StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)i);
        for (; i < x.Length; i++) to[i] = x[i] * y[i];
    }

    /// <summary>to_i = x_i.</summary>
    public static void Widen(ReadOnlySpan<float> x, Span<double> to)
    {
        int i = 0;
        for (; i + 8 <= x.Length; i += 8) Load(x, i).StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)i);
        for (; i < x.Length; i++) to[i] = x[i];
    }

    /// <summary>The sum of x_i r_i.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<double> r)
    {
        int i = 0;
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            low = Vector512.FusedMultiplyAdd(Load(x, i), Load(r, i), low);
            high = Vector512.FusedMultiplyAdd(Load(x, i + 8), Load(r, i + 8), high);
        }
        double sum = Fold(low + high);
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd(x[i], r[i], sum);
        return sum;
    }

    /// <summary>The sum of x_i r_i.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> r)
    {
        int i = 0;
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            low = Vector512.FusedMultiplyAdd(Load(x, i), Load(r, i), low);
            high = Vector512.FusedMultiplyAdd(Load(x, i + 8), Load(r, i + 8), high);
        }
        double sum = Fold(low + high);
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd(x[i], r[i], sum);
        return sum;
    }

    /// <summary>The sum of x_i.</summary>
    public static double Sum(ReadOnlySpan<double> x)
    {
        int i = 0;
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            low += Load(x, i);
            high += Load(x, i + 8);
        }
        double sum = Fold(low + high);
        for (; i < x.Length; i++) sum += x[i];
        return sum;
    }

    /// <summary>The sum of h_i x_i^2.</summary>
    public static double SquaredNorm(ReadOnlySpan<float> x, ReadOnlySpan<double> h)
    {
        int i = 0;
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            Vector512<double> a = Load(x, i), b = Load(x, i + 8);
            low = Vector512.FusedMultiplyAdd(a * a, Load(h, i), low);
            high = Vector512.FusedMultiplyAdd(b * b, Load(h, i + 8), high);
        }
        double sum = Fold(low + high);
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd((double)x[i] * x[i], h[i], sum);
        return sum;
    }

    /// <summary>The sum of h_i x_i u_i.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<double> h, ReadOnlySpan<double> u)
    {
        int i = 0;
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            low = Vector512.FusedMultiplyAdd(Load(x, i) * Load(h, i), Load(u, i), low);
            high = Vector512.FusedMultiplyAdd(Load(x, i + 8) * Load(h, i + 8), Load(u, i + 8), high);
        }
        double sum = Fold(low + high);
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd(x[i] * h[i], u[i], sum);
        return sum;
    }

    static double Fold(Vector512<double> v)
    {
        double a = v[0] + v[4], b = v[1] + v[5], c = v[2] + v[6], d = v[3] + v[7];
        return a + c + (b + d);
    }

    static Vector512<double> Load(ReadOnlySpan<double> x, int i) => Vector512.LoadUnsafe(in MemoryMarshal.GetReference(x), (nuint)i);

    static Vector512<double> Load(ReadOnlySpan<float> x, int i)
    {
        var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(in MemoryMarshal.GetReference(x), (nuint)i));
        return Vector512.Create(low, high);
    }
}
