using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>
/// Sums the targets of listed rows by bin, and lists the bins that occur: a deep tree has mostly nodes of few rows, whose
/// cost must not depend on the bins that there are. A bin is new if its weight is still 0; that is counted, not branched on.
/// </summary>
internal static unsafe class ForestKernel
{
    /// <summary>Adds each row's (weight, weighted value) to the pair of its bin.</summary>
    /// <param name="cells">A pair a bin, 0 where no row was added.</param>
    /// <param name="bins">By row.</param>
    /// <param name="rows">The node's rows.</param>
    /// <param name="pairs">A pair a row of the list; weights above 0.</param>
    /// <param name="count">Rows.</param>
    /// <param name="seen">Room for 257: the bins that occur, in the order of their first rows.</param>
    /// <returns>How many bins occur.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddPairs(long* cells, byte* bins, int* rows, long* pairs, int count, byte* seen)
    {
        int used = 0;
        for (int i = 0; i < count; i++)
        {
            int bin = bins[rows[i]];
            long* cell = cells + 2 * bin;
            seen[used] = (byte)bin;
            bool isNew = *cell == 0;
            used += Unsafe.As<bool, byte>(ref isNew);
            (Vector128.Load(cell) + Vector128.Load(pairs + 2 * i)).Store(cell);
        }
        return used;
    }

    /// <summary>Adds each row's weight to the cell of its bin and class, and to the bin's total.</summary>
    /// <param name="cells">A cell a bin and class.</param>
    /// <param name="totals">A sum a bin, 0 where no row was added.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="bins">By row.</param>
    /// <param name="rows">The node's rows.</param>
    /// <param name="weights">A number above 0 a row of the list.</param>
    /// <param name="classes">A class a row of the list.</param>
    /// <param name="count">Rows.</param>
    /// <param name="seen">Room for 257: the bins that occur, in the order of their first rows.</param>
    /// <returns>How many bins occur.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddClasses(long* cells, long* totals, int classCount, byte* bins, int* rows, int* weights, int* classes, int count, byte* seen)
    {
        int used = 0;
        for (int i = 0; i < count; i++)
        {
            int bin = bins[rows[i]], weight = weights[i];
            seen[used] = (byte)bin;
            bool isNew = totals[bin] == 0;
            used += Unsafe.As<bool, byte>(ref isNew);
            totals[bin] += weight;
            cells[bin * classCount + classes[i]] += weight;
        }
        return used;
    }
}
