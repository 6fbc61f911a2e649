using Tilth.Data;

namespace Tilth.Search;

/// <summary>How many folds the trials of a search share: more where rows are few and a fit is cheap.</summary>
internal static class FoldChoice
{
    /// <summary>Seconds that one fit of boosting takes a value of the table, roughly: only the order of magnitude matters.</summary>
    const double SecondsPerValue = 2e-6;

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
        int byRows = rows.Length switch { < 1000 => 8, < 30_000 => 5, < SearchData.HoldoutFrom => 3, _ => 1 };
        double values = (double)rows.Length * Math.Max(5, data.Schema.Features.Count()) * data.Target.Schema.OutputCount;
        if (time is { } limit)
            while (byRows > 1 && values * SecondsPerValue * byRows * WantedTrials > limit.TotalSeconds) byRows = byRows switch { 8 => 5, 5 => 3, _ => 1 };
        return Math.Min(byRows, most);
    }
}
