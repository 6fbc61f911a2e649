using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// Numbers as their ranks, so that a few huge amounts do not decide what order, dates and groups tell.
/// </summary>
internal static class TargetRanks
{
    /// <summary>Midranks in 0 to 1; classes stay as they are.</summary>
    public static Target Of(Target target)
    {
        if (target.Task != TaskKind.Regression) return target;
        double[] y = target.Values, ranks = new double[y.Length];
        int[] order = [.. Enumerable.Range(0, y.Length)];
        Array.Sort(Array.ConvertAll(order, row => y[row]), order);
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && y[order[end]] == y[order[start]];) end++;
            for (int at = start; at < end; at++) ranks[order[at]] = (start + end) / 2.0 / order.Length;
        }
        return new(target.Schema, ranks);
    }
}
