using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>Row numbers to learn from and row numbers to test on; both ascending, without a row in common.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Test">Rows to test on.</param>
public sealed record Fold(int[] Train, int[] Test);

/// <summary>
/// Divides rows for testing. The keys decide how: with times the test rows are the latest; else with groups no group stands
/// on both sides; and with classes every part gets its share of each. Same keys and seed, same split.
/// </summary>
public static class Splits
{
    /// <summary>One part to learn from and one of about <paramref name="testShare"/> of the rows to test on.</summary>
    /// <param name="keys">What is known of the rows.</param>
    /// <param name="testShare">Above 0 and below 1.</param>
    /// <param name="seed">Decides the draw.</param>
    /// <exception cref="LearningException">One side would be empty.</exception>
    public static Fold Holdout(SplitKeys keys, double testShare, ulong seed)
    {
        if (!(testShare > 0 && testShare < 1)) throw new LearningException("test-share", $"the share of test rows must be between 0 and 1, but is {testShare}");
        if (keys.Times is { } times) return TimeSplits.Holdout(keys, times, testShare);
        bool[] test = new bool[keys.Rows];
        if (keys.Groups is { } groups)
        {
            int[] part = GroupSplits.Assign(keys, groups, [1 - testShare, testShare], seed);
            for (int row = 0; row < test.Length; row++) test[row] = part[row] == 1;
        }
        else
        {
            int[] order = ShuffledByClass(keys, seed);
            double offset = new RandomSource(seed).Child(1).NextDouble(), before = Math.Floor(offset);
            for (int i = 0; i < order.Length; i++)
            {
                double now = Math.Floor((i + 1) * testShare + offset);
                test[order[i]] = now > before;
                before = now;
            }
        }
        var fold = FoldOf(keys.Rows, row => test[row]);
        if (fold.Test.Length == 0 || fold.Train.Length == 0)
            throw new LearningException("split-empty", $"{keys.Rows} rows{(keys.Groups is null ? "" : " in so few groups")} cannot be split with {testShare:P0} for testing: one side would be empty");
        return fold;
    }

    /// <summary>
    /// Every row is tested once, in one of <paramref name="folds"/> parts, by what was learned from the others. With times it is
    /// an expanding window: fold i learns from everything before its test rows, and the earliest rows are never tested.
    /// </summary>
    /// <param name="keys">What is known of the rows.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">Decides the draw.</param>
    /// <exception cref="LearningException">There are fewer rows, groups or moments than folds.</exception>
    public static Fold[] KFold(SplitKeys keys, int folds, ulong seed)
    {
        if (folds < 2) throw new LearningException("folds", $"cross-validation needs at least 2 folds, but {folds} was asked for");
        if (keys.Rows < folds) throw new LearningException("folds", $"{keys.Rows} rows cannot be divided into {folds} folds");
        if (keys.Times is { } times) return TimeSplits.Expanding(keys, times, folds);
        int[] part;
        if (keys.Groups is { } groups)
        {
            part = GroupSplits.Assign(keys, groups, [.. Enumerable.Repeat(1.0 / folds, folds)], seed);
            if (part.Distinct().Count() < folds)
                throw new LearningException("folds", $"the rows lie in {groups.Distinct().Count()} groups, too few for {folds} folds");
        }
        else
        {
            part = new int[keys.Rows];
            int[] order = ShuffledByClass(keys, seed);
            for (int i = 0; i < order.Length; i++) part[order[i]] = i % folds;
        }
        return [.. Enumerable.Range(0, folds).Select(fold => FoldOf(keys.Rows, row => part[row] == fold))];
    }

    /// <summary>K-fold again and again with different draws; with times there is only one draw.</summary>
    /// <param name="keys">What is known of the rows.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="repeats">At least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Fold[] RepeatedKFold(SplitKeys keys, int folds, int repeats, ulong seed)
    {
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, keys.Times is null ? repeats : 1).SelectMany(repeat => KFold(keys, folds, random.ChildSeed(repeat)))];
    }

    /// <summary>Rows in random order, class after class: dealing them out one by one gives each part its share of each class.</summary>
    static int[] ShuffledByClass(SplitKeys keys, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, keys.Rows)];
        new RandomSource(seed).Shuffle<int>(order);
        return keys.Classes is { } classes ? [.. order.OrderBy(row => classes[row])] : order;
    }

    internal static Fold FoldOf(int rows, Func<int, bool> isTest)
    {
        var train = new List<int>(rows);
        var test = new List<int>();
        for (int row = 0; row < rows; row++) (isTest(row) ? test : train).Add(row);
        return new([.. train], [.. test]);
    }
}
