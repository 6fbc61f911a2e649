using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Gradients of the log loss, four rows at a time: the very operations of <see cref="Elementary.Sigmoid"/> in the same order,
/// so the same bits. Scores beyond 700 (where e^x nears its limits) take the scalar way.
/// </summary>
internal static class LogisticKernel
{
    /// <summary>gradients = p - y and hessians = max(p (1 - p), 1e-16) with p = 1 / (1 + e^-score).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, Span<float> gradients, Span<float> hessians)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= scores.Length - 8; i += 8)
            {
                var a = Vector256.Create(scores[i..]);
                var b = Vector256.Create(scores[(i + 4)..]);
                if (Vector256.GreaterThanAny(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Create(700.0)))
                {
                    Scalar(scores.Slice(i, 8), labels.Slice(i, 8), gradients[i..], hessians[i..]);
                    continue;
                }
                var (p, q) = (Sigmoid(a), Sigmoid(b));
                var least = Vector256.Create(1e-16);
                Vector256.Narrow(p - Vector256.Create(labels[i..]), q - Vector256.Create(labels[(i + 4)..])).CopyTo(gradients[i..]);
                Vector256.Narrow(Vector256.Max(p * (Vector256<double>.One - p), least), Vector256.Max(q * (Vector256<double>.One - q), least)).CopyTo(hessians[i..]);
            }
        Scalar(scores[i..], labels[i..], gradients[i..], hessians[i..]);
    }

    /// <summary>The reference.</summary>
    public static void Scalar(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double p = Elementary.Sigmoid(scores[i]);
            gradients[i] = (float)(p - labels[i]);
            hessians[i] = (float)Math.Max(p * (1 - p), 1e-16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Sigmoid(Vector256<double> x)
    {
        var one = Vector256<double>.One;
        var e = VectorExp.Of(-Vector256.Abs(x));
        return Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x, Vector256<double>.Zero), one, e) / (one + e);
    }
}
