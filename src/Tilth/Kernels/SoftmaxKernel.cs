using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Log loss of one of several classes with its derivatives, eight rows at a time: the operations of the scalar form in the same
/// order, so the same bits. Scores, gradients and curvatures lie class by class, n apart.
/// </summary>
internal static class SoftmaxKernel
{
    const int Lanes = 8;

    /// <summary>The weighted loss of rows start to end - 1; writes w (p_k - (k = y)) and w p_k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Evaluate(ReadOnlySpan<double> target, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores, Span<double> gradient, Span<double> curvature,
        int classes, int start, int end)
    {
        int n = target.Length, i = start;
        double sum = 0;
        Span<double> largest = stackalloc double[Lanes], totals = stackalloc double[Lanes];
        for (; i + Lanes <= end; i += Lanes)
        {
            var max = Vector512.Create(double.NegativeInfinity);
            for (int k = 0; k < classes; k++) max = Vector512.Max(max, Load(scores, k * n + i));
            var total = Vector512<double>.Zero;
            for (int k = 0; k < classes; k++)
            {
                var e = Exp(Load(scores, k * n + i) - max);
                Store(e, curvature, k * n + i);
                total += e;
            }
            Vector512<double> y = Load(target, i), weight = Load(weights, i);
            for (int k = 0; k < classes; k++)
            {
                var p = Load(curvature, k * n + i) / total;
                Store(weight * p, curvature, k * n + i);
                Store(weight * (p - (Vector512.Equals(y, Vector512.Create((double)k)) & Vector512<double>.One)), gradient, k * n + i);
            }
            max.CopyTo(largest);
            total.CopyTo(totals);
            for (int r = 0; r < Lanes; r++)
                if (weights[i + r] is var w && w != 0) sum += w * (largest[r] + Elementary.Log(totals[r]) - scores[(int)target[i + r] * n + i + r]);
        }
        return sum + Scalar(target, weights, scores, gradient, curvature, classes, i, end);
    }

    /// <summary>The reference.</summary>
    public static double Scalar(ReadOnlySpan<double> target, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores, Span<double> gradient, Span<double> curvature,
        int classes, int start, int end)
    {
        int n = target.Length;
        double sum = 0;
        for (int i = start; i < end; i++)
        {
            double weight = weights[i], max = double.NegativeInfinity, total = 0;
            for (int k = 0; k < classes; k++) max = Math.Max(max, scores[k * n + i]);
            for (int k = 0; k < classes; k++) total += curvature[k * n + i] = Elementary.Exp(scores[k * n + i] - max);
            int y = (int)target[i];
            if (weight != 0) sum += weight * (max + Elementary.Log(total) - scores[y * n + i]);
            for (int k = 0; k < classes; k++)
            {
                double p = curvature[k * n + i] / total;
                curvature[k * n + i] = weight * p;
                gradient[k * n + i] = weight * (k == y ? p - 1 : p);
            }
        }
        return sum;
    }

    /// <summary>result_k = c_k (d_k - sum over l of c_l d_l / w) for rows start to end - 1, where c are the curvatures w p; 0 where the weight is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CurvatureTimes(ReadOnlySpan<double> weights, ReadOnlySpan<double> curvature, ReadOnlySpan<double> direction, Span<double> result, int classes, int start, int end)
    {
        int n = weights.Length, i = start;
        for (; i + Lanes <= end; i += Lanes)
        {
            var mean = Vector512<double>.Zero;
            for (int k = 0; k < classes; k++) mean = Vector512.FusedMultiplyAdd(Load(curvature, k * n + i), Load(direction, k * n + i), mean);
            var weight = Load(weights, i);
            mean = Vector512.ConditionalSelect(Vector512.Equals(weight, Vector512<double>.Zero), Vector512<double>.Zero, mean / weight);
            for (int k = 0; k < classes; k++) Store(Load(curvature, k * n + i) * (Load(direction, k * n + i) - mean), result, k * n + i);
        }
        ScalarTimes(weights, curvature, direction, result, classes, i, end);
    }

    /// <summary>The reference.</summary>
    public static void ScalarTimes(ReadOnlySpan<double> weights, ReadOnlySpan<double> curvature, ReadOnlySpan<double> direction, Span<double> result, int classes, int start, int end)
    {
        int n = weights.Length;
        for (int i = start; i < end; i++)
        {
            double mean = 0;
            for (int k = 0; k < classes; k++) mean = Math.FusedMultiplyAdd(curvature[k * n + i], direction[k * n + i], mean);
            mean = weights[i] == 0 ? 0 : mean / weights[i];
            for (int k = 0; k < classes; k++) result[k * n + i] = curvature[k * n + i] * (direction[k * n + i] - mean);
        }
    }

    /// <summary>e^x for x up to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Exp(Vector512<double> x) => Vector512.GreaterThanOrEqualAll(x, Vector512.Create(VectorExp.Least)) ? VectorExp.Of(x) : EachExp(x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector512<double> EachExp(Vector512<double> x)
    {
        Span<double> values = stackalloc double[Lanes];
        for (int i = 0; i < Lanes; i++) values[i] = Elementary.Exp(x[i]);
        return Vector512.Create<double>(values);
    }

    static Vector512<double> Load(ReadOnlySpan<double> x, int i) => Vector512.LoadUnsafe(in MemoryMarshal.GetReference(x), (nuint)i);

    static void Store(Vector512<double> v, Span<double> x, int i) => v.StoreUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);
}
