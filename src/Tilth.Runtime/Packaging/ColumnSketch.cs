using Tilth.Data;

namespace Tilth.Packaging;

/// <summary>Sums a column up: exact quantiles by sorting (the inverse of the empirical distribution), shares by counting.</summary>
internal static class ColumnSketch
{
    /// <summary>Quantiles at 0 %, 1 % ... 100 %.</summary>
    public const int Points = 101;

    public static ColumnProfile Of(Column column)
    {
        int missing = column.CountMissing();
        return new ColumnProfile
        {
            Name = column.Name,
            MissingShare = column.Count == 0 ? 0 : (double)missing / column.Count,
            Quantiles = QuantilesOf(ValuesOf(column, column.Count - missing)),
            LevelShares = SharesOf(column),
        };
    }

    public static IReadOnlyList<IReadOnlyList<double>> ScoresOf(ReadOnlySpan<double> scores, int outputs)
    {
        if (scores.Length == 0) return [];
        var columns = new List<IReadOnlyList<double>>();
        for (int k = 0; k < outputs; k++)
        {
            var one = new List<double>(scores.Length / outputs);
            for (int at = k; at < scores.Length; at += outputs)
                if (!double.IsNaN(scores[at])) one.Add(scores[at]);
            columns.Add(QuantilesOf([.. one]));
        }
        return columns;
    }

    /// <summary>Quantile i is the smallest value that at least i % of the values do not exceed. Sorts in place.</summary>
    static double[] QuantilesOf(double[] values)
    {
        if (values.Length == 0) return [];
        Array.Sort(values);
        var quantiles = new double[Points];
        for (int i = 0; i < Points; i++)
            quantiles[i] = values[Math.Max(0, (int)(((long)i * values.Length + Points - 2) / (Points - 1)) - 1)];
        return quantiles;
    }

    static double[] ValuesOf(Column column, int present)
    {
        if (column is CategoryColumn or BooleanColumn) return [];
        var values = new double[present];
        int used = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.IsMissing(row)) continue;
            values[used++] = column switch
            {
                NumberColumn numbers => numbers.Values.Span[row] + 0.0, // -0 and 0 are one value
                DateTimeColumn moments => moments.Ticks.Span[row],
                TextColumn texts => texts.GetUtf8(row).Length,
                _ => 0,
            };
        }
        return values;
    }

    static double[] SharesOf(Column column)
    {
        long[] counts = column switch
        {
            CategoryColumn levels => Count(levels.Codes.Span, levels.Levels.Count),
            BooleanColumn flags => Count(Array.ConvertAll(flags.Values.ToArray(), flag => (int)flag), 2),
            _ => [],
        };
        return Array.ConvertAll(counts, count => (double)count / Math.Max(1, column.Count));
    }

    static long[] Count(ReadOnlySpan<int> codes, int levels)
    {
        var counts = new long[levels];
        foreach (int code in codes)
            if (code >= 0) counts[code]++;
        return counts;
    }
}
