using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>Leaks between a table that is learned from and one that is tested on: the same rows, the same groups, earlier moments.</summary>
public static class TestTableLeaks
{
    const double RepeatedShare = 0.01, EarlierShare = 0.01;

    /// <summary>Every suspicion.</summary>
    /// <param name="schema">Of both tables.</param>
    /// <param name="train">Conformed.</param>
    /// <param name="test">Conformed.</param>
    public static IReadOnlyList<Suspicion> Look(Schema schema, Table train, Table test)
    {
        var found = new List<Suspicion>();
        if (test.RowCount == 0 || train.RowCount == 0) return found;
        var seen = DuplicateRows.Hash(train, schema).ToHashSet();
        int repeated = DuplicateRows.Hash(test, schema).Count(seen.Contains);
        if (repeated >= RepeatedShare * test.RowCount && repeated > 1)
            found.Add(new(LeakKind.RepeatedRows, null, false, $"{repeated:N0} of {test.RowCount:N0} test rows equal a training row in every column that is learned from",
                "Remove the copies from the test table, or its score is partly of rows known by heart."));
        foreach (var column in schema.Columns)
        {
            if (train.Find(column.Name) is not { } before || test.Find(column.Name) is not { } after) continue;
            if (column.Role == ColumnRole.Group && SharedGroups(before, after) is var shared && shared > 0)
                found.Add(new(LeakKind.GroupOverlap, column.Name, false, $"{shared:N0} of {test.RowCount:N0} test rows belong to a '{column.Name}' that is also learned from",
                    "Take groups whole into one of the two tables."));
            if (column.Role is ColumnRole.Time or ColumnRole.Feature && (column.Role == ColumnRole.Time || column.Kind == ColumnKind.DateTime) && Earlier(before, after) is var earlier && earlier >= EarlierShare)
                found.Add(new(LeakKind.FutureRows, column.Name, false, $"{earlier:P0} of the test rows are earlier in '{column.Name}' than the latest training row",
                    "If later rows are to be foreseen, test on later rows only."));
        }
        return found;
    }

    static int SharedGroups(Column train, Column test)
    {
        var known = Enumerable.Range(0, train.Count).Select(train.Format).Where(value => value is not null).ToHashSet();
        return Enumerable.Range(0, test.Count).Count(row => test.Format(row) is { } value && known.Contains(value));
    }

    static double Earlier(Column train, Column test)
    {
        double[]? before = ColumnCells.ValuesOf(train, [.. Enumerable.Range(0, train.Count)]), after = ColumnCells.ValuesOf(test, [.. Enumerable.Range(0, test.Count)]);
        if (before is null || after is null || before.All(double.IsNaN)) return 0;
        double latest = before.Where(value => !double.IsNaN(value)).Max();
        return (double)after.Count(value => value < latest) / after.Length;
    }
}
