using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>What a model foresees for each row of a table that conforms to its schema: one number a row.</summary>
/// <param name="rows">The rows.</param>
public delegate double[] RowPredictor(Table rows);

/// <summary>
/// A few values of one column, spread as its rows are: quantiles of numbers and dates, the most frequent levels of categories.
/// </summary>
public sealed class ColumnGrid
{
    readonly Column column;
    readonly double[] values; // numbers, ticks, codes, or 0 and 1

    ColumnGrid(Column column, double[] values) => (this.column, this.values) = (column, values);

    /// <summary>The column's name.</summary>
    public string Name => column.Name;

    /// <summary>True for numbers and dates, whose values have an order.</summary>
    public bool IsOrdered => column.Kind is ColumnKind.Number or ColumnKind.DateTime;

    /// <summary>Number of values.</summary>
    public int Count => values.Length;

    /// <summary>The numbers; ticks of dates, codes of levels, 0 and 1.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The values of a column, or null where it has no value, or is text.</summary>
    /// <param name="column">Of a table that conforms to a schema.</param>
    /// <param name="most">At least 2: values at most.</param>
    public static ColumnGrid? Of(Column column, int most)
    {
        double[] values = column switch
        {
            NumberColumn numbers => Quantiles([.. numbers.Values.ToArray().Where(double.IsFinite)], most),
            DateTimeColumn moments => Quantiles([.. moments.Ticks.ToArray().Where(ticks => ticks != DateTimeColumn.Missing).Select(ticks => (double)ticks)], most),
            CategoryColumn levels => Frequent(levels.Codes.ToArray(), most),
            BooleanColumn flags => Frequent(Array.ConvertAll(flags.Values.ToArray(), flag => (int)flag), most),
            _ => [],
        };
        return values.Length == 0 ? null : new(column, values);
    }

    /// <summary>A column of that many rows that all have value <paramref name="index"/>.</summary>
    public Column Constant(int index, int rows) => Filled(rows, _ => index);

    /// <summary>A column whose row i has the value numbered <paramref name="indexOf"/>(i).</summary>
    public Column Filled(int rows, Func<int, int> indexOf)
    {
        double At(int row) => values[indexOf(row)];
        int[] all = [.. Enumerable.Range(0, rows)];
        return column switch
        {
            NumberColumn => new NumberColumn(Name, Array.ConvertAll(all, At)),
            DateTimeColumn => new DateTimeColumn(Name, Array.ConvertAll(all, row => (long)At(row))),
            CategoryColumn levels => new CategoryColumn(Name, Array.ConvertAll(all, row => (int)At(row)), levels.Levels),
            _ => new BooleanColumn(Name, Array.ConvertAll(all, row => (sbyte)At(row))),
        };
    }

    /// <summary>For each row of a column of the same kind and levels the number of the nearest value (for levels of the equal one); -1 where there is none.</summary>
    public int[] Nearest(Column rows)
    {
        double[] given = rows switch
        {
            NumberColumn numbers => numbers.Values.ToArray(),
            DateTimeColumn moments => Array.ConvertAll(moments.Ticks.ToArray(), ticks => ticks == DateTimeColumn.Missing ? double.NaN : ticks),
            CategoryColumn levels => Array.ConvertAll(levels.Codes.ToArray(), code => (double)code),
            BooleanColumn flags => Array.ConvertAll(flags.Values.ToArray(), flag => (double)flag),
            _ => throw new ArgumentException($"'{rows.Name}' is {rows.Kind} and has no nearest values"),
        };
        return Array.ConvertAll(given, value => !double.IsFinite(value) ? -1 : IsOrdered ? NearestTo(value) : Array.IndexOf(values, value));
    }

    int NearestTo(double value)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (Math.Abs(values[i] - value) < Math.Abs(values[best] - value)) best = i;
        return best;
    }

    /// <summary>The value as people write it.</summary>
    public string Label(int index) => Constant(index, 1).Format(0) ?? "";

    /// <summary>At most that many quantiles from the 1st to the 99th percentile, each once, ascending.</summary>
    static double[] Quantiles(double[] values, int most)
    {
        if (values.Length == 0) return [];
        Array.Sort(values);
        double[] different = [.. values.Distinct()];
        if (different.Length <= most) return different;
        double low = 0.01 * (values.Length - 1), step = 0.98 * (values.Length - 1) / (most - 1);
        return [.. Enumerable.Range(0, most).Select(i => values[(int)Math.Round(low + i * step)]).Distinct()];
    }

    static double[] Frequent(int[] codes, int most)
        => [.. codes.Where(code => code >= 0).GroupBy(code => code).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Take(most).Select(group => (double)group.Key)];
}
