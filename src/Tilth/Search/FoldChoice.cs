using Tilth.Data;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>How many folds the trials of a search share: more where rows are few and a fit is cheap.</summary>
internal static class FoldChoice
{
    /// <summary>Seconds that one fit of boosting takes a value of the table (times outputs) on two threads, roughly: only the order of magnitude matters.</summary>
    public const double SecondsPerValue = 1e-6;

    /// <summary>From this many rows on, one fold is scored instead of all.</summary>
    const int HoldoutFrom = 500_000;

    /// <summary>So many trials should fit into the time, and the preparations that they share.</summary>
    const int WantedTrials = 12, Preparations = 2;

    /// <summary>
    /// A single fold chooses and scores by a tenth of the rows: only where fewer than half of the wanted trials would fit with three.
    /// Most trials end after their first fold anyway.
    /// </summary>
    const int FewFolds = 3, SingleFrom = 2;

    /// <summary>Linear scores of a text take as long, a character and output, as boosting takes for this part of a value.</summary>
    const double ValuesPerCharacter = 0.05;

    /// <summary>2 to 8 folds, or 1 to score a tenth of the rows only.</summary>
    /// <param name="data">The table.</param>
    /// <param name="rows">To search with.</param>
    /// <param name="asked">What the user wants, or null.</param>
    /// <param name="time">That is left for the whole search, or null.</param>
    public static int For(TrainingTable data, int[] rows, int? asked, TimeSpan? time)
    {
        int most = Math.Min(rows.Length, data.KeysOf(rows).Groups?.Distinct().Count() ?? rows.Length);
        if (asked is { } folds) return Math.Clamp(folds, 1, most);
        int byRows = rows.Length switch { < 2500 => 8, < 60_000 => 5, < HoldoutFrom => 3, _ => 1 };
        double seconds = SecondsPerValue * (WantedTrials * ValuesOf(data, rows.Length) + Preparations * ValuesPerCharacter * Math.Min(TargetFolds.MostOutputs, data.Target.Schema.OutputCount) * CharactersOf(data, rows));
        if (time is { } limit)
        {
            while (byRows > FewFolds && seconds * byRows > limit.TotalSeconds) byRows = byRows == 8 ? 5 : FewFolds;
            if (byRows == FewFolds && seconds * byRows > SingleFrom * limit.TotalSeconds) byRows = 1;
        }
        return Math.Min(byRows, most);
    }

    /// <summary>UTF-8 bytes of the texts in some rows.</summary>
    static double CharactersOf(TrainingTable data, int[] rows)
        => data.Schema.Features.Select(column => data.Table.Find(column.Name)).OfType<TextColumn>().Sum(texts => rows.Sum(row => (double)texts.GetUtf8(row).Length));

    /// <summary>What the time of a fit grows with: rows times columns times outputs.</summary>
    public static double ValuesOf(TrainingTable data, int rows) => (double)rows * Math.Max(5, data.Schema.Features.Count()) * data.Target.Schema.OutputCount;
}
