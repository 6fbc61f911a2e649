using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>Leaks through rows instead of columns: their order and their dates.</summary>
internal static class RowTells
{
    const int FewestRows = 100, OrderBins = 20;
    const double OrderGini = 0.5, OrderShare = 0.3, DateStrength = 0.1;

    /// <summary>The position of a row in the file foresees its target.</summary>
    public static Suspicion? Order(Target target, int[] rows, ulong seed)
    {
        if (rows.Length < FewestRows) return null;
        double strength = ColumnStrength.Of(PositionCells(rows.Length), target, seed);
        if (strength < (target.Task == TaskKind.Regression ? OrderShare : OrderGini)) return null;
        return new(LeakKind.RowOrderTells, null, false,
            $"Where a row stands in the file tells its '{target.Schema.Column}' ({LeakHunt.Say(target, strength)} from the row number alone)",
            "If rows are sorted by time, name the column with --time-column; if by outcome or group, make sure that no column numbers the rows, and that rows of one group stay together (--group).");
    }

    public static ColumnCells PositionCells(int rows) => new([.. Enumerable.Range(0, rows).Select(i => (int)((long)i * OrderBins / rows))], OrderBins, true, OrderBins);

    /// <summary>A column of dates says when rows happened and the target moves with it, but the split is random.</summary>
    public static Suspicion? Date(string column, double strength, Target target) => strength < DateStrength ? null
        : new(LeakKind.FutureRows, column, false,
            $"'{target.Schema.Column}' moves with the date in '{column}' ({LeakHunt.Say(target, strength)} from it alone), and a random split learns from rows later than those it is tested on",
            $"If later rows are to be foreseen, use --time-column {column}.");
}
