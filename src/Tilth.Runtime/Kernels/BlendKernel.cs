using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>One step of a blend program; offsets are bytes into the bins or the scratch.</summary>
/// <param name="Column">Where the column's bins start.</param>
/// <param name="Left">Result for rows whose bin is at most the threshold: a leaf's constant or an earlier step's result.</param>
/// <param name="Right">Result for the others.</param>
/// <param name="LeftStep">64 if Left is an earlier result, 0 if it is a constant, the same for every block of rows.</param>
/// <param name="RightStep">The same for Right.</param>
/// <param name="Result">Where the result goes.</param>
/// <param name="Threshold">Bins above it take Right.</param>
internal readonly record struct BlendStep(int Column, int Left, int Right, byte LeftStep, byte RightStep, int Result, sbyte Threshold);

/// <summary>
/// Evaluates every node of a tree bottom-up for 256 rows at once: a node's result is, byte by byte, its left or right child's,
/// and the root's is the number of the row's leaf. No branch, no gather; the work is nodes x rows / vector width.
/// </summary>
internal static unsafe class BlendKernel
{
    /// <summary>Rows of one vector of the widest form.</summary>
    public const int Block = 64;

    /// <summary>Rows of a program's run.</summary>
    public const int Rows = 256;

    /// <summary>Runs steps in order over the first <paramref name="blocks"/> blocks of rows.</summary>
    public static void Run(ReadOnlySpan<BlendStep> steps, sbyte* bins, sbyte* scratch, int blocks)
    {
        if (Vector512.IsHardwareAccelerated) Run<Lanes512>(steps, bins, scratch, blocks);
        else if (Vector256.IsHardwareAccelerated) Run<Lanes256>(steps, bins, scratch, blocks);
        else Run<Lanes128>(steps, bins, scratch, blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes>(ReadOnlySpan<BlendStep> steps, sbyte* bins, sbyte* scratch, int blocks) where TLanes : struct, ILanes
    {
        foreach (ref readonly var step in steps)
        {
            sbyte* column = bins + step.Column, left = scratch + step.Left, right = scratch + step.Right, result = scratch + step.Result;
            nint leftStep = step.LeftStep, rightStep = step.RightStep;
            sbyte threshold = step.Threshold;
            if (blocks == Rows / Block)
            {
                TLanes.Pick(column, threshold, left, right, result);
                TLanes.Pick(column + Block, threshold, left + leftStep, right + rightStep, result + Block);
                TLanes.Pick(column + 2 * Block, threshold, left + 2 * leftStep, right + 2 * rightStep, result + 2 * Block);
                TLanes.Pick(column + 3 * Block, threshold, left + 3 * leftStep, right + 3 * rightStep, result + 3 * Block);
            }
            else
                for (int b = 0; b < blocks; b++)
                    TLanes.Pick(column + b * Block, threshold, left + b * leftStep, right + b * rightStep, result + b * Block);
        }
    }

    /// <summary>A vector width: picks 64 bytes.</summary>
    internal interface ILanes
    {
        static abstract void Pick(sbyte* column, sbyte threshold, sbyte* left, sbyte* right, sbyte* result);
    }

    internal readonly struct Lanes512 : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Pick(sbyte* column, sbyte threshold, sbyte* left, sbyte* right, sbyte* result)
            => Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(column), Vector512.Create(threshold)),
                Vector512.Load(right), Vector512.Load(left)).Store(result);
    }

    internal readonly struct Lanes256 : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Pick(sbyte* column, sbyte threshold, sbyte* left, sbyte* right, sbyte* result)
        {
            var t = Vector256.Create(threshold);
            for (int at = 0; at < Block; at += 32)
                Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Load(column + at), t), Vector256.Load(right + at), Vector256.Load(left + at)).Store(result + at);
        }
    }

    internal readonly struct Lanes128 : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Pick(sbyte* column, sbyte threshold, sbyte* left, sbyte* right, sbyte* result)
        {
            var t = Vector128.Create(threshold);
            for (int at = 0; at < Block; at += 16)
                Vector128.ConditionalSelect(Vector128.GreaterThan(Vector128.Load(column + at), t), Vector128.Load(right + at), Vector128.Load(left + at)).Store(result + at);
        }
    }
}
