using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Leaks;

/// <summary>A column as cells of equal or neighbouring values, so that any kind can be held against the target.</summary>
/// <param name="Codes">The cell of each row, from 0; -1 where the value is missing.</param>
/// <param name="Count">Number of cells.</param>
/// <param name="Ordered">True if cells ascend with the values.</param>
/// <param name="Distinct">Different values; more than cells where values were binned.</param>
internal sealed record ColumnCells(int[] Codes, int Count, bool Ordered, int Distinct)
{
    public const int MostBins = 256;
    const int RowsPerBin = 10;

    /// <summary>Each different value is a cell.</summary>
    public static ColumnCells Exact(Column column, int[] rows) => column switch
    {
        CategoryColumn levels => Renumber(Array.ConvertAll(rows, row => (ulong)(levels.Codes.Span[row] + 1))),
        BooleanColumn flags => Renumber(Array.ConvertAll(rows, row => (ulong)(flags.Values.Span[row] + 1))),
        TextColumn texts => Renumber(Array.ConvertAll(rows, row => texts.IsMissing(row) ? 0 : Math.Max(1, StableHash.Of(texts.GetUtf8(row))))),
        _ => ByValue(ValuesOf(column, rows)!),
    };

    /// <summary>Numbers and dates of many values in bins of about equally many rows; else each different value.</summary>
    public static ColumnCells Binned(ColumnCells exact)
    {
        int most = Math.Clamp(exact.Codes.Length / RowsPerBin, 2, MostBins);
        if (!exact.Ordered || exact.Count <= most) return exact;
        var sizes = new int[exact.Count];
        int known = 0;
        foreach (int code in exact.Codes)
        {
            if (code < 0) continue;
            sizes[code]++;
            known++;
        }
        var binOf = new int[exact.Count];
        long before = 0;
        int last = -1, bins = 0;
        for (int code = 0; code < sizes.Length; code++)
        {
            int bin = (int)((before + sizes[code] / 2) * most / known);
            if (bin != last) bins++;
            last = bin;
            binOf[code] = bins - 1;
            before += sizes[code];
        }
        return new(Array.ConvertAll(exact.Codes, code => code < 0 ? -1 : binOf[code]), bins, true, exact.Distinct);
    }

    /// <summary>Numbers, or ticks of dates, NaN where missing; null for other kinds.</summary>
    public static double[]? ValuesOf(Column column, int[] rows) => column switch
    {
        NumberColumn numbers => Array.ConvertAll(rows, row => numbers.Values.Span[row]),
        DateTimeColumn moments => Array.ConvertAll(rows, row => moments.IsMissing(row) ? double.NaN : moments.Ticks.Span[row]),
        _ => null,
    };

    static ColumnCells ByValue(double[] values)
    {
        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        Array.Sort(known);
        int distinct = 0;
        for (int i = 0; i < known.Length; i++)
            if (i == 0 || known[i] != known[i - 1]) known[distinct++] = known[i];
        double[] levels = known[..distinct];
        return new(Array.ConvertAll(values, value => double.IsNaN(value) ? -1 : Array.BinarySearch(levels, value)), distinct, true, distinct);
    }

    /// <summary>0 is missing; other keys get numbers in the order in which they are first seen.</summary>
    static ColumnCells Renumber(ulong[] keys)
    {
        var numbers = new Dictionary<ulong, int>();
        var codes = new int[keys.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            if (keys[i] == 0) codes[i] = -1;
            else if (!numbers.TryGetValue(keys[i], out codes[i])) numbers.Add(keys[i], codes[i] = numbers.Count);
        }
        return new(codes, numbers.Count, false, numbers.Count);
    }
}
