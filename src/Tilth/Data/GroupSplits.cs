using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>
/// Puts whole groups into parts of wanted sizes, so that classes stay even. Greedy, as scikit-learn's StratifiedGroupKFold:
/// the largest groups first, each to the part where it raises the sum over parts and classes of (rows / wanted rows) squared
/// least; the sum is smallest exactly when every part has its share of every class.
/// </summary>
static class GroupSplits
{
    /// <summary>The part of each row.</summary>
    public static int[] Assign(SplitKeys keys, int[] groups, double[] shares, ulong seed)
    {
        int[] classes = keys.Classes ?? new int[keys.Rows];
        int classCount = keys.Rows == 0 ? 0 : classes.Max() + 1;
        var totals = new double[classCount];
        var contents = new Dictionary<int, Dictionary<int, int>>();
        for (int row = 0; row < keys.Rows; row++)
        {
            totals[classes[row]]++;
            if (!contents.TryGetValue(groups[row], out var counts)) contents[groups[row]] = counts = [];
            counts[classes[row]] = counts.GetValueOrDefault(classes[row]) + 1;
        }

        int[] order = [.. contents.Keys];
        new RandomSource(seed).Shuffle<int>(order);
        var filled = new double[shares.Length][];
        for (int part = 0; part < shares.Length; part++) filled[part] = new double[classCount];
        var partOf = new Dictionary<int, int>();
        foreach (int group in order.OrderByDescending(group => contents[group].Values.Sum()))
        {
            int best = 0;
            double least = double.PositiveInfinity;
            for (int part = 0; part < shares.Length; part++)
            {
                double rise = 0;
                foreach (var (label, count) in contents[group])
                    rise += (2 * filled[part][label] + count) * count / (totals[label] * totals[label] * shares[part]);
                if (rise < least) (least, best) = (rise, part);
            }
            partOf[group] = best;
            foreach (var (label, count) in contents[group]) filled[best][label] += count;
        }
        return Array.ConvertAll(groups, group => partOf[group]);
    }
}
