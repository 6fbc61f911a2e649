using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>Rounds gradients and hessians to one packed int32 a row; scaling by powers of two is exact, so every form gives the same bits.</summary>
internal static class PackKernel
{
    /// <summary>The largest |gradient| and hessian; NaN if any number is NaN or a hessian is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Gradient, float Hessian) Largest(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians)
    {
        float gradient = 0, hessian = 0, least = 0;
        int i = 0;
        if (gradients.Length >= 8)
        {
            var (g, h, low) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (; i <= gradients.Length - 8; i += 8)
            {
                var own = Vector256.Create(hessians[i..]);
                g = Vector256.Max(g, Vector256.Abs(Vector256.Create(gradients[i..])));
                h = Vector256.Max(h, own);
                low = Vector256.Min(low, own);
            }
            for (int lane = 0; lane < 8; lane++) (gradient, hessian, least) = (Math.Max(gradient, g[lane]), Math.Max(hessian, h[lane]), Math.Min(least, low[lane]));
        }
        for (; i < gradients.Length; i++)
            (gradient, hessian, least) = (Math.Max(gradient, Math.Abs(gradients[i])), Math.Max(hessian, hessians[i]), Math.Min(least, hessians[i]));
        return (gradient, least < 0 ? float.NaN : hessian);
    }

    /// <summary>packed = round(gradient x perGradient) in the high half, round(hessian x perHessian) in the low half, each within its limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, double perGradient, double perHessian, Span<int> packed)
    {
        int i = 0;
        float byGradient = (float)perGradient, byHessian = (float)perHessian;
        // Beyond a float's exponents the product would round; such scales take the scalar way.
        if (float.IsNormal(byGradient) && float.IsNormal(byHessian))
            for (; i <= gradients.Length - 8; i += 8)
            {
                var g = Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(gradients[i..]) * byGradient));
                var h = Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(hessians[i..]) * byHessian));
                g = Vector256.Min(Vector256.Max(g, Vector256.Create(-(int)short.MaxValue)), Vector256.Create((int)short.MaxValue));
                (g << 16 | Vector256.Min(h, Vector256.Create((int)ushort.MaxValue))).CopyTo(packed[i..]);
            }
        for (; i < gradients.Length; i++) packed[i] = Join(Math.Round(gradients[i] * perGradient), Math.Round(hessians[i] * perHessian));
    }

    /// <summary>Two whole numbers in one, each brought within its limit.</summary>
    public static int Join(double gradient, double hessian)
        => Math.Clamp((int)gradient, -short.MaxValue, short.MaxValue) << 16 | Math.Min((int)hessian, ushort.MaxValue);
}
