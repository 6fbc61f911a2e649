using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>e^x of several numbers: the operations of <see cref="Elementary.Exp"/> in the same order, so the same bits.</summary>
internal static class VectorExp
{
    /// <summary>The least x that may be given.</summary>
    public const double Least = -700;

    static ReadOnlySpan<double> Factorials =>
    [
        1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0,
        1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5,
    ];

    /// <summary>For x from <see cref="Least"/> to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<double> x)
    {
        var k = Vector256.Round(x * Vector256.Create(1.4426950408889634));
        var r = Vector256.FusedMultiplyAdd(k, Vector256.Create(-6.93147180369123816490e-01), x);
        r = Vector256.FusedMultiplyAdd(k, Vector256.Create(-1.90821492927058770002e-10), r);
        var p = Vector256.Create(Factorials[0]);
        for (int i = 1; i < 12; i++) p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(Factorials[i]));
        p = Vector256.FusedMultiplyAdd(r * r, p, r) + Vector256<double>.One;
        // In this range 2^k is a normal number, so one exact product equals the scalar form's two.
        return p * ((Vector256.ConvertToInt64(k) + Vector256.Create(1023L)) << 52).AsDouble();
    }

    /// <summary>For x from <see cref="Least"/> to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(Vector512<double> x) => Vector512.Create(Of(x.GetLower()), Of(x.GetUpper()));
}
