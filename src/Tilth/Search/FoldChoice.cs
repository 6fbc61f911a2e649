using Tilth.Data;

namespace Tilth.Search;

/// <summary>How many folds the trials of a search share: more where rows are few and a fit is cheap.</summary>
internal static class FoldChoice
{
    /// <summary>Seconds that one fit of boosting takes a value of the table (times outputs) on two threads, roughly: only the order of magnitude matters.</summary>
    public const double SecondsPerValue = 1e-6;

    /// <summary>From this many rows on, one fold is scored instead of all.</summary>
    const int HoldoutFrom = 500_000;

    /// <summary>So many trials should fit into the time.</summary>
    const int WantedTrials = 12;

    /// <summary>2 to 8 folds, or 1 to score a tenth of the rows only.</summary>
    /// <param name="data">The table.</param>
    /// <param name="rows">To search with.</param>
    /// <param name="asked">What the user wants, or null.</param>
    /// <param name="time">For the whole search, or null.</param>
    public static int For(TrainingTable data, int[] rows, int? asked, TimeSpan? time)
    {
        int most = Math.Min(rows.Length, data.KeysOf(rows).Groups?.Distinct().Count() ?? rows.Length);
        if (asked is { } folds) return Math.Clamp(folds, 1, most);
        int byRows = rows.Length switch { < 2500 => 8, < 60_000 => 5, < HoldoutFrom => 3, _ => 1 };
        double values = ValuesOf(data, rows.Length);
        if (time is { } limit)
            while (byRows > 1 && values * SecondsPerValue * byRows * WantedTrials > limit.TotalSeconds) byRows = byRows switch { 8 => 5, 5 => 3, _ => 1 };
        return Math.Min(byRows, most);
    }

    /// <summary>What the time of a fit grows with: rows times columns times outputs.</summary>
    public static double ValuesOf(TrainingTable data, int rows) => (double)rows * Math.Max(5, data.Schema.Features.Count()) * data.Target.Schema.OutputCount;
}
