using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>Sets a tenth of the rows aside to stop by: the same share of each class, or of each stretch of the target's range.</summary>
internal static class ValidationSplit
{
    const int Parts = 10, FewestRows = 50;

    /// <summary>Rows to learn from and rows to stop by, both ascending; with few rows there are none of the latter.</summary>
    public static (int[] Learn, int[] Stop) Of(Target target, int[] rows, RandomSource random)
    {
        if (rows.Length < FewestRows) return (rows, []);
        var ordered = (int[])rows.Clone();
        random.Shuffle<int>(ordered);
        // A stable sort of shuffled rows: neighbours have like targets, and each ten of them give one row.
        ordered = [.. ordered.OrderBy(row => target.Values[row])];
        var stop = new List<int>();
        for (int at = 0; at < ordered.Length; at += Parts)
            stop.Add(ordered[Math.Min(ordered.Length - 1, at + random.NextInt(Parts))]);
        var taken = stop.ToHashSet();
        return (Array.FindAll(rows, row => !taken.Contains(row)), [.. taken.Order()]);
    }
}
