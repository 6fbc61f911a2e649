using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>Sums by cell, in the order of the rows, so that every form has the same bits.</summary>
internal static class CellKernel
{
    /// <summary>Adds each row's gradient and hessian to its cell's two sums, which are one vector of two numbers.</summary>
    /// <param name="cells">A cell a row; each below half the length of <paramref name="sums"/>.</param>
    /// <param name="gradients">One a row.</param>
    /// <param name="hessians">One a row.</param>
    /// <param name="sums">(Gradient, hessian) of each cell.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(ReadOnlySpan<ushort> cells, ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, Span<double> sums)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            Scalar(cells, gradients, hessians, sums);
            return;
        }
        var pairs = MemoryMarshal.Cast<double, Vector128<double>>(sums);
        gradients = gradients[..cells.Length];
        hessians = hessians[..cells.Length];
        for (int i = 0; i < cells.Length; i++) pairs[cells[i]] += Vector128.Create((double)gradients[i], hessians[i]);
    }

    /// <summary>The reference.</summary>
    public static void Scalar(ReadOnlySpan<ushort> cells, ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, Span<double> sums)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            sums[2 * cells[i]] += gradients[i];
            sums[2 * cells[i] + 1] += hessians[i];
        }
    }
}
