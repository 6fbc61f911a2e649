using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>Counts, quantiles and a hash of one column's values.</summary>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Distinct">Different values.</param>
/// <param name="Numbers">For numbers and moments.</param>
/// <param name="TopLevels">For levels and truth values.</param>
/// <param name="Content">Equal for columns that tell rows apart alike: the same numbers, or levels that map one to one.</param>
internal sealed record ColumnSummary(int Missing, int Distinct, NumberProfile? Numbers, IReadOnlyList<LevelCount> TopLevels, ulong Content)
{
    static readonly double[] QuantileShares = [0.05, 0.25, 0.5, 0.75, 0.95];

    public static ColumnSummary Of(Column column) => column switch
    {
        NumberColumn numbers => OfNumbers(numbers.Values.ToArray()),
        DateTimeColumn moments => OfNumbers(Array.ConvertAll(moments.Ticks.ToArray(), ticks => ticks == DateTimeColumn.Missing ? double.NaN : ticks)),
        CategoryColumn levels => OfCodes(levels.Codes.ToArray(), levels.Levels.Count, levels.Levels.NameOf),
        BooleanColumn flags => OfCodes(Array.ConvertAll(flags.Values.ToArray(), flag => (int)flag), 2, code => code == 0 ? "false" : "true"),
        TextColumn texts => OfTexts(texts),
        _ => throw new ArgumentException($"the column '{column.Name}' has the unknown kind {column.Kind}"),
    };

    static ColumnSummary OfNumbers(double[] values)
    {
        ulong content = 1;
        foreach (double value in values) content = Add(content, (ulong)BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value + 0.0));
        double[] sorted = [.. values.Where(value => !double.IsNaN(value))];
        if (sorted.Length == 0) return new(values.Length, 0, null, [], content);
        Array.Sort(sorted);
        int distinct = 1;
        for (int i = 1; i < sorted.Length; i++)
            if (sorted[i] != sorted[i - 1]) distinct++;
        return new(values.Length - sorted.Length, distinct, Describe(sorted), [], content);
    }

    static NumberProfile Describe(double[] sorted)
    {
        double[] finite = Array.FindAll(sorted, double.IsFinite);
        var histogram = new int[ColumnProfile.Bins];
        double mean = double.NaN, deviation = double.NaN;
        if (finite.Length > 0)
        {
            double first = finite[0], width = finite[^1] - first, squares = 0, shift = 0;
            foreach (double value in finite) shift += (value - first) / finite.Length;
            mean = first + shift;
            foreach (double value in finite)
            {
                squares += (value - mean) * (value - mean);
                histogram[width > 0 ? Math.Clamp((int)((value - first) / width * histogram.Length), 0, histogram.Length - 1) : 0]++;
            }
            deviation = finite.Length == 1 ? 0 : Math.Sqrt(squares / (finite.Length - 1));
        }
        return new(sorted[0], sorted[^1], mean, deviation, Array.ConvertAll(QuantileShares, share => Quantile(sorted, share)), histogram);
    }

    static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        double low = sorted[below], high = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return low == high ? low : low + (at - below) * (high - low);
    }

    static ColumnSummary OfCodes(int[] codes, int levelCount, Func<int, string> nameOf)
    {
        var counts = new int[levelCount];
        var order = new int[levelCount];
        int seen = 0, missing = 0;
        ulong content = 2;
        foreach (int code in codes)
        {
            if (code < 0)
            {
                missing++;
                content = Add(content, 0);
                continue;
            }
            counts[code]++;
            if (order[code] == 0) order[code] = ++seen;
            content = Add(content, (ulong)order[code]);
        }
        var top = Enumerable.Range(0, levelCount).Where(code => counts[code] > 0).OrderByDescending(code => counts[code]).ThenBy(code => code)
            .Take(ColumnProfile.MostLevels).Select(code => new LevelCount(nameOf(code), counts[code]));
        return new(missing, seen, null, [.. top], content);
    }

    static ColumnSummary OfTexts(TextColumn texts)
    {
        var different = new HashSet<ulong>();
        ulong content = 3;
        int missing = 0;
        for (int row = 0; row < texts.Count; row++)
        {
            bool none = texts.IsMissing(row);
            ulong hash = none ? 0 : StableHash.Of(texts.GetUtf8(row));
            if (none) missing++;
            else different.Add(hash);
            content = Add(content, hash);
        }
        return new(missing, different.Count, null, [], content);
    }

    static ulong Add(ulong content, ulong value) => StableHash.Mix((content * 31) ^ value);
}
