namespace Tilth.Data;

/// <summary>
/// Named, typed columns of one length. Immutable; selections and slices share memory. What a column means (a feature, the
/// target, an identifier) stands in the <see cref="Schema"/>, not here.
/// </summary>
public sealed class Table
{
    readonly Dictionary<string, Column> byName;

    /// <summary>Columns of one length with different names.</summary>
    /// <exception cref="ArgumentException">Names repeat or lengths differ.</exception>
    public Table(IReadOnlyList<Column> columns)
    {
        Columns = [.. columns];
        RowCount = Columns.Count == 0 ? 0 : Columns[0].Count;
        byName = new Dictionary<string, Column>(Columns.Count, StringComparer.Ordinal);
        foreach (var column in Columns)
        {
            if (column.Count != RowCount)
                throw new ArgumentException($"column '{column.Name}' has {column.Count} rows, but '{Columns[0].Name}' has {RowCount}");
            if (!byName.TryAdd(column.Name, column))
                throw new ArgumentException($"two columns are named '{column.Name}'");
        }
    }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Rows in each column.</summary>
    public int RowCount { get; }

    /// <summary>The column of that name.</summary>
    /// <exception cref="SchemaException">There is none; the message suggests the nearest name.</exception>
    public Column this[string name] => Find(name) ?? throw new SchemaException("column-missing", MissingColumn(name));

    /// <summary>The column of that name, or null.</summary>
    public Column? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The same rows with the named columns in the named order.</summary>
    public Table Select(params IEnumerable<string> names) => new([.. names.Select(name => this[name])]);

    /// <summary>The same rows without the named columns; names that are not there are ignored.</summary>
    public Table Without(params IEnumerable<string> names)
    {
        var left = names.ToHashSet(StringComparer.Ordinal);
        return new([.. Columns.Where(column => !left.Contains(column.Name))]);
    }

    /// <summary>The same rows with one more column, or with the column of that name replaced.</summary>
    public Table With(Column column)
    {
        if (Find(column.Name) is null) return new([.. Columns, column]);
        return new([.. Columns.Select(old => old.Name == column.Name ? column : old)]);
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1, sharing memory.</summary>
    public Table Slice(int start, int count) => new([.. Columns.Select(column => column.Slice(start, count))]);

    /// <summary>The named rows in the named order, copied.</summary>
    public Table Take(ReadOnlySpan<int> rows)
    {
        var taken = new Column[Columns.Count];
        for (int i = 0; i < taken.Length; i++) taken[i] = Columns[i].Take(rows);
        return new(taken);
    }

    internal string MissingColumn(string name)
    {
        string? nearest = Spelling.Nearest(name, Columns.Select(column => column.Name));
        return nearest is null
            ? $"no column '{name}'; the columns are {Spelling.List(Columns.Select(column => column.Name))}"
            : $"no column '{name}'; did you mean '{nearest}'?";
    }
}
