using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>Leaks through rows instead of columns: their order, copies of them, rows that belong together, and their dates.</summary>
internal static class RowTells
{
    const int FewestRows = 100, OrderBins = 20;
    const double OrderGini = 0.5, OrderShare = 0.3, DateStrength = 0.1;
    const double RepeatedShare = 0.01, ManyValues = 0.2;
    const int FewestRepeats = 10, SureRepeats = 20;

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

    /// <summary>Rows that repeat others where chance would hardly do so: a column of many values, or numbers foreseen to the last digit.</summary>
    public static Suspicion? Repeats(Table table, Schema schema, Target target, int[] rows, IEnumerable<ColumnCells> features)
    {
        var hashes = DuplicateRows.Hash(table, schema);
        var first = new Dictionary<ulong, int>();
        int repeats = 0, agree = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (first.TryAdd(hashes[rows[i]], i)) continue;
            repeats++;
            if (target.Values[first[hashes[rows[i]]]] == target.Values[i]) agree++;
        }
        bool many = features.Any(cells => cells.Distinct > ManyValues * rows.Length);
        bool exactly = target.Task == TaskKind.Regression && repeats >= SureRepeats && agree > 0.9 * repeats;
        if (repeats < RepeatedShare * rows.Length || repeats < FewestRepeats || !(many || exactly)) return null;
        return new(LeakKind.RepeatedRows, null, false,
            $"{repeats:N0} of {rows.Length:N0} rows repeat an earlier row in every column that is learned from, {agree:N0} of them with the same '{target.Schema.Column}'",
            "A row that stands on both sides of a split is foreseen by heart: remove the copies, or name what binds them with --group.");
    }

    /// <summary>A column of dates says when rows happened and the target moves with it, but the split is random.</summary>
    public static Suspicion? Date(string column, double strength, Target target) => strength < DateStrength ? null
        : new(LeakKind.FutureRows, column, false,
            $"'{target.Schema.Column}' moves with the date in '{column}' ({LeakHunt.Say(target, strength)} from it alone), and a random split learns from rows later than those it is tested on",
            $"If later rows are to be foreseen, use --time-column {column}.");
}
