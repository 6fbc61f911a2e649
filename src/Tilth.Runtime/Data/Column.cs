using System.Globalization;

namespace Tilth.Data;

/// <summary>A named, typed, immutable sequence of values, each of which may be missing. Slices share memory.</summary>
public abstract class Column
{
    private protected Column(string name, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        (Name, Count) = (name, count);
    }

    /// <summary>The name in the table; compared by ordinal.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>How the values are stored.</summary>
    public abstract ColumnKind Kind { get; }

    /// <summary>True where the row has no value.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The value as text in the invariant culture, or null where it is missing.</summary>
    public abstract string? Format(int row);

    /// <summary>The same values under another name.</summary>
    public abstract Column Rename(string name);

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1, sharing memory.</summary>
    public abstract Column Slice(int start, int count);

    /// <summary>The named rows in the named order, copied.</summary>
    public abstract Column Take(ReadOnlySpan<int> rows);

    /// <summary>How many rows have no value; O(rows).</summary>
    public int CountMissing()
    {
        int missing = 0;
        for (int row = 0; row < Count; row++) if (IsMissing(row)) missing++;
        return missing;
    }

    private protected static ReadOnlyMemory<T> Gather<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        for (int i = 0; i < taken.Length; i++) taken[i] = values[rows[i]];
        return taken;
    }
}

/// <summary>A column of numbers. Infinities are values; NaN is missing.</summary>
public sealed class NumberColumn(string name, ReadOnlyMemory<double> values) : Column(name, values.Length)
{
    /// <summary>One value a row.</summary>
    public ReadOnlyMemory<double> Values => values;

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.Number;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(values.Span[row]);

    /// <inheritdoc/>
    public override string? Format(int row)
    {
        double value = values.Span[row];
        return double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override NumberColumn Rename(string name) => new(name, values);

    /// <inheritdoc/>
    public override NumberColumn Slice(int start, int count) => new(Name, values.Slice(start, count));

    /// <inheritdoc/>
    public override NumberColumn Take(ReadOnlySpan<int> rows) => new(Name, Gather(values.Span, rows));
}

/// <summary>A column of levels: a code a row, -1 for missing.</summary>
public sealed class CategoryColumn(string name, ReadOnlyMemory<int> codes, LevelSet levels) : Column(name, codes.Length)
{
    /// <summary>One code a row: 0 to Levels.Count - 1, or -1 for missing.</summary>
    public ReadOnlyMemory<int> Codes => codes;

    /// <summary>What the codes stand for.</summary>
    public LevelSet Levels => levels;

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.Category;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => codes.Span[row] < 0;

    /// <inheritdoc/>
    public override string? Format(int row) => codes.Span[row] is var code && code < 0 ? null : levels.NameOf(code);

    /// <inheritdoc/>
    public override CategoryColumn Rename(string name) => new(name, codes, levels);

    /// <inheritdoc/>
    public override CategoryColumn Slice(int start, int count) => new(Name, codes.Slice(start, count), levels);

    /// <inheritdoc/>
    public override CategoryColumn Take(ReadOnlySpan<int> rows) => new(Name, Gather(codes.Span, rows), levels);
}

/// <summary>A column of moments without a time zone, as ticks of 100 ns since 0001-01-01.</summary>
public sealed class DateTimeColumn(string name, ReadOnlyMemory<long> ticks) : Column(name, ticks.Length)
{
    /// <summary>The tick count that stands for a missing value.</summary>
    public const long Missing = long.MinValue;

    /// <summary>One tick count a row.</summary>
    public ReadOnlyMemory<long> Ticks => ticks;

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.DateTime;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => ticks.Span[row] == Missing;

    /// <inheritdoc/>
    public override string? Format(int row)
    {
        long value = ticks.Span[row];
        if (value == Missing) return null;
        var moment = new DateTime(value);
        return moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override DateTimeColumn Rename(string name) => new(name, ticks);

    /// <inheritdoc/>
    public override DateTimeColumn Slice(int start, int count) => new(Name, ticks.Slice(start, count));

    /// <inheritdoc/>
    public override DateTimeColumn Take(ReadOnlySpan<int> rows) => new(Name, Gather(ticks.Span, rows));
}

/// <summary>A column of truth values: 1, 0, or -1 for missing.</summary>
public sealed class BooleanColumn(string name, ReadOnlyMemory<sbyte> values) : Column(name, values.Length)
{
    /// <summary>One value a row: 1, 0 or -1.</summary>
    public ReadOnlyMemory<sbyte> Values => values;

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.Boolean;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => values.Span[row] < 0;

    /// <inheritdoc/>
    public override string? Format(int row) => values.Span[row] switch { < 0 => null, 0 => "false", _ => "true" };

    /// <inheritdoc/>
    public override BooleanColumn Rename(string name) => new(name, values);

    /// <inheritdoc/>
    public override BooleanColumn Slice(int start, int count) => new(Name, values.Slice(start, count));

    /// <inheritdoc/>
    public override BooleanColumn Take(ReadOnlySpan<int> rows) => new(Name, Gather(values.Span, rows));
}
