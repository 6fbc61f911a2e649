using Tilth.Data;
using Tilth.Search;

namespace Tilth.Walk;

/// <summary>What a search foresaw of the rows that it did not learn from, as a table for people who blend by hand.</summary>
internal static class OutOfFoldTable
{
    /// <summary>Identifier or row number, fold, target, and one column an output.</summary>
    /// <param name="result">Of a search.</param>
    /// <param name="identifier">A column of the train file, or null.</param>
    /// <param name="train">The train file.</param>
    /// <param name="head">What the run's log says of it; null to leave the folds out.</param>
    public static Table Of(TrainingResult result, string? identifier, Table train, LogHead? head)
    {
        var scored = result.Scored!;
        var target = scored.Data.Target.Schema;
        bool whole = scored.Data.RowCount == train.RowCount;
        var columns = new List<Column> { whole && identifier is not null && train.Find(identifier) is { } names ? names.Take(scored.Rows) : new NumberColumn("row", Array.ConvertAll(scored.Rows, row => (double)row)) };
        if (head is not null) columns.Add(new NumberColumn("fold", FoldsOf(scored, head)));
        double[] happened = scored.Data.Target.Take(scored.Rows).Values;
        columns.Add(target.Task == TaskKind.Regression ? new NumberColumn(target.Column, happened) : TextColumn.From(target.Column, happened.Select(y => target.Classes[(int)y])));
        int outputs = target.OutputCount;
        for (int k = 0; k < outputs; k++)
        {
            int at = k;
            string name = outputs > 1 ? "p_" + target.Classes[k] : target.Task == TaskKind.Binary ? "p_" + target.Classes[1] : "predicted";
            columns.Add(new NumberColumn(name, Array.ConvertAll([.. Enumerable.Range(0, scored.Rows.Length)], row => scored.Predictions[row * outputs + at])));
        }
        return new Table(columns);
    }

    static double[] FoldsOf(ScoredRows scored, LogHead head)
    {
        int[] all = [.. Enumerable.Range(0, scored.Data.RowCount)];
        var folds = new SearchData(scored.Data, all, head.Folds, null, head.Seed).FirstFolds;
        var foldOf = new Dictionary<int, int>();
        for (int fold = 0; fold < folds.Length; fold++)
            foreach (int row in folds[fold].Test) foldOf[row] = fold + 1;
        return Array.ConvertAll(scored.Rows, row => foldOf.TryGetValue(row, out int fold) ? fold : double.NaN);
    }
}
