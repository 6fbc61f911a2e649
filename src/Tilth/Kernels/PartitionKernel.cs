using System.Runtime.CompilerServices;

namespace Tilth.Kernels;

/// <summary>Cuts a list of rows in two by their bins, keeping the order, without a branch a row.</summary>
internal static unsafe class PartitionKernel
{
    /// <summary>Rows with goes[bin] = 1 move to <paramref name="left"/>, which may be at or before the rows, the others to <paramref name="right"/>.</summary>
    /// <returns>How many go left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Cut(int* rows, int* left, int* right, int count, byte* bins, byte* goes)
    {
        int lefts = 0;
        for (int i = 0; i < count; i++)
        {
            int row = rows[i];
            left[lefts] = row;
            right[i - lefts] = row;
            lefts += goes[bins[row]];
        }
        return lefts;
    }

    /// <summary>The same for a list of places, each of which stands for a row, and the bins that go left as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Cut(int* places, int* right, int count, int* rowOf, byte* bins, ulong* leftSet)
    {
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            int place = places[i], bin = bins[rowOf[place]];
            places[left] = place;
            right[i - left] = place;
            left += (int)(leftSet[bin >> 6] >> bin) & 1;
        }
        return left;
    }
}
