namespace Tilth.Data;

/// <summary>What decides on which side of a split a row may stand.</summary>
public sealed record SplitKeys
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The class of each row; null not to stratify.</summary>
    public int[]? Classes { get; init; }

    /// <summary>The group of each row, any numbers; null for none.</summary>
    public int[]? Groups { get; init; }

    /// <summary>The moment of each row, in any unit; null for none. <see cref="long.MinValue"/> (no moment) counts as the earliest.</summary>
    public long[]? Times { get; init; }

    /// <summary>The keys that a schema's roles and target set.</summary>
    /// <param name="conformed">A conformed table.</param>
    /// <param name="schema">Its schema; the columns with the roles Group and Time are read.</param>
    /// <param name="target">The target of the same rows, or null; classes are stratified.</param>
    public static SplitKeys From(Table conformed, Schema schema, Target? target)
    {
        if (target is not null && target.Values.Length != conformed.RowCount)
            throw new ArgumentException($"the target has {target.Values.Length} values, but the table has {conformed.RowCount} rows");
        Column? With(ColumnRole role) => schema.Columns.FirstOrDefault(column => column.Role == role) is { } named ? conformed[named.Name] : null;
        return new()
        {
            Rows = conformed.RowCount,
            Classes = target is { ClassCount: > 0 } ? Array.ConvertAll(target.Values, value => (int)value) : null,
            Groups = With(ColumnRole.Group) is { } group ? GroupsOf(group) : null,
            Times = With(ColumnRole.Time) is { } time ? TimesOf(time) : null,
        };
    }

    /// <summary>One number for each different value of a column; each missing value is a group of its own.</summary>
    public static int[] GroupsOf(Column column)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new int[column.Count];
        int next = 0;
        for (int row = 0; row < groups.Length; row++)
        {
            if (column.Format(row) is not { } value) groups[row] = next++;
            else if (numbers.TryGetValue(value, out int known)) groups[row] = known;
            else groups[row] = numbers[value] = next++;
        }
        return groups;
    }

    /// <summary>Ticks of moments, or the order of numbers as sortable bits.</summary>
    static long[] TimesOf(Column column) => column switch
    {
        DateTimeColumn moments => moments.Ticks.ToArray(),
        NumberColumn numbers => Array.ConvertAll(numbers.Values.ToArray(), Sortable),
        _ => throw new ArgumentException($"the time column '{column.Name}' is {column.Kind}; conform the table first"),
    };

    static long Sortable(double value)
    {
        if (double.IsNaN(value)) return long.MinValue;
        long bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return bits >= 0 ? bits : bits ^ long.MaxValue;
    }
}
