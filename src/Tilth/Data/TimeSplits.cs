namespace Tilth.Data;

/// <summary>
/// Splits in which every test row is later than every training row. Rows of one moment stay together. If groups are given
/// too, training rows whose group is tested are left out of that fold.
/// </summary>
static class TimeSplits
{
    public static Fold Holdout(SplitKeys keys, long[] times, double testShare)
    {
        long[] sorted = [.. times.Order()];
        int at = Math.Clamp((int)Math.Round(sorted.Length * (1 - testShare)), 0, Math.Max(0, sorted.Length - 1));
        int cut = MomentStart(sorted, at);
        if (cut == 0) cut = MomentEnd(sorted, at);
        if (cut <= 0 || cut >= sorted.Length)
            throw new LearningException("split-empty", $"the {sorted.Length} rows cannot be split by time: their moments do not differ enough");
        return Between(keys, times, sorted[cut], long.MaxValue);
    }

    public static Fold[] Expanding(SplitKeys keys, long[] times, int folds)
    {
        long[] sorted = [.. times.Order()];
        var cuts = new List<int>();
        for (int fold = 1, last = 0; fold <= folds; fold++)
        {
            // The start of the moment that lies there, or the next moment where that is taken.
            int at = Math.Max(last, (int)((long)sorted.Length * fold / (folds + 1))), cut = MomentStart(sorted, at);
            if (cut <= last) cut = MomentEnd(sorted, at);
            if (cut == sorted.Length)
                throw new LearningException("folds", $"the rows lie at {sorted.Distinct().Count()} different moments, too few or too uneven for {folds} folds by time");
            cuts.Add(last = cut);
        }
        return [.. cuts.Select((cut, i) => Between(keys, times, sorted[cut], i + 1 < folds ? sorted[cuts[i + 1]] - 1 : long.MaxValue))];
    }

    static int MomentStart(long[] sorted, int at)
    {
        while (at > 0 && sorted[at - 1] == sorted[at]) at--;
        return at;
    }

    static int MomentEnd(long[] sorted, int at)
    {
        long moment = sorted[at];
        while (at < sorted.Length && sorted[at] == moment) at++;
        return at;
    }

    /// <summary>Tests the moments from <paramref name="first"/> to <paramref name="last"/>; learns from those before.</summary>
    static Fold Between(SplitKeys keys, long[] times, long first, long last)
    {
        int[] test = [.. Enumerable.Range(0, times.Length).Where(row => times[row] >= first && times[row] <= last)];
        var tested = keys.Groups is { } groups ? test.Select(row => groups[row]).ToHashSet() : [];
        int[] train = [.. Enumerable.Range(0, times.Length).Where(row => times[row] < first && (keys.Groups is null || !tested.Contains(keys.Groups[row])))];
        if (train.Length == 0) throw new LearningException("split-empty", "no earlier row is left to learn from: every group of the earlier rows is tested");
        return new(train, test);
    }
}
