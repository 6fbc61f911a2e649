using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// Rows that are others with a little noise: equal in everything but numbers, and these within three hundredths of their
/// standard deviation, and with the same outcome. Rows come that near by chance too where columns are few or coarse; but then far more
/// are near in all columns but one. Large tables are looked at in stretches of one column's order, which keep copies together.
/// </summary>
internal static class NearRows
{
    const double Tolerance = 0.03, Share = 0.01, MostShare = 0.5, Agreement = 0.9;
    const int Fewest = 10, MostRows = 20_000, Stretches = 20, MostNeighbours = 300, MostColumns = 40, MostOfRare = 2;

    /// <summary>What is suspected; null if nothing is.</summary>
    /// <param name="table">Conformed.</param>
    /// <param name="schema">Its schema; features count.</param>
    /// <param name="target">Of <paramref name="rows"/>.</param>
    /// <param name="rows">Rows of the table that may be looked at.</param>
    public static Suspicion? Find(Table table, Schema schema, Target target, int[] rows)
    {
        var numbers = schema.Features.Where(column => column.Kind == ColumnKind.Number).Select(column => Scaled(table[column.Name], rows)).OfType<Axis>()
            .OrderByDescending(axis => axis.Steps).ToList();
        if (numbers.Count < 2) return null;
        ulong[][] hashes = [.. schema.Features.Where(column => column.Kind != ColumnKind.Number).Select((column, c) => RepeatedRows.HashesOf(schema, table, column, rows, c))];
        var others = new ulong[rows.Length];
        foreach (ulong[] column in hashes)
            for (int row = 0; row < others.Length; row++) others[row] += column[row];
        // Values are in units of what counts as near, so that the key of most steps has the fewest rows beside each.
        int[] order = [.. Enumerable.Range(0, rows.Length).Where(row => !double.IsNaN(numbers[0].Values[row])).OrderBy(row => numbers[0].Values[row])];
        var stretches = StretchesOf(order);
        int looked = stretches.Sum(stretch => stretch.Length), without = 0;
        var (repeats, agree) = Count(stretches, numbers, others, target, leftOut: 0);
        // Where most rows are near another, a few far ones have stretched the scale, and dropping a column can tell nothing.
        if (repeats < Fewest || repeats < Share * looked || repeats > MostShare * looked || agree < Agreement * repeats) return null;
        for (int c = 1; c < Math.Min(MostColumns, numbers.Count) && without <= 2 * repeats; c++) without = Math.Max(without, Count(stretches, numbers, others, target, c).Repeats);
        for (int c = 0; c < Math.Min(MostColumns, hashes.Length) && without <= 2 * repeats; c++)
            without = Math.Max(without, Count(stretches, numbers, [.. others.Zip(hashes[c], (sum, one) => unchecked(sum - one))], target, leftOut: 0).Repeats);
        if (without > 2 * repeats) return null;
        return new(LeakKind.RepeatedRows, null, false,
            $"{repeats:N0} of {looked:N0} rows are an earlier row again, but for numbers that differ by less than {Tolerance:P0} of their spread, {agree:N0} of them with the same '{target.Schema.Column}'",
            "A row that stands on both sides of a split is foreseen by heart: ask whether rows were copied or measured twice; remove them, or name what binds them with --group.");
    }

    static int[][] StretchesOf(int[] order)
    {
        if (order.Length <= MostRows) return [order];
        const int Length = MostRows / Stretches;
        return [.. Enumerable.Range(0, Stretches).Select(i => order.AsSpan((int)((long)i * (order.Length - Length) / (Stretches - 1)), Length).ToArray())];
    }

    /// <summary>Rows that are near an earlier one, but not equal to it, whatever the number left out; and those of them whose outcome is the same. Number 0 is the key, and never left out.</summary>
    static (int Repeats, int Agree) Count(int[][] stretches, List<Axis> numbers, ulong[] others, Target target, int leftOut)
    {
        var repeats = new Dictionary<int, bool>();
        double[] key = numbers[0].Values;
        double near = target.Task == TaskKind.Regression ? Tolerance * Deviation(target.Values) : 0;
        foreach (int[] order in stretches)
            for (int i = 0; i < order.Length; i++)
                for (int j = i + 1; j < order.Length && j - i <= MostNeighbours && key[order[j]] - key[order[i]] <= 1; j++)
                {
                    int a = order[i], b = order[j];
                    if (others[a] != others[b] || !AreNear(numbers, a, b, leftOut)) continue;
                    int later = Math.Max(a, b);
                    repeats[later] = repeats.GetValueOrDefault(later) || Math.Abs(target.Values[a] - target.Values[b]) <= near;
                }
        return (repeats.Count, repeats.Values.Count(same => same));
    }

    static bool AreNear(List<Axis> numbers, int a, int b, int leftOut)
    {
        bool differ = false;
        for (int c = 0; c < numbers.Count; c++)
        {
            double x = numbers[c].Values[a], y = numbers[c].Values[b];
            bool near = double.IsNaN(x) == double.IsNaN(y) && !(Math.Abs(x - y) > 1);
            bool equal = x == y || (double.IsNaN(x) && double.IsNaN(y));
            if ((!near || !(equal || numbers[c].Rare[a] || numbers[c].Rare[b])) && (c == 0 || c != leftOut)) return false;
            differ |= !equal;
        }
        return differ;
    }

    /// <summary>A column in units of what counts as near; null if it never changes.</summary>
    static Axis? Scaled(Column column, int[] rows)
    {
        double[] values = ColumnCells.ValuesOf(column, rows)!;
        double unit = Tolerance * Deviation(values);
        if (!(unit > 0) || !double.IsFinite(unit)) return null;
        double[] scaled = Array.ConvertAll(values, value => value / unit);
        var counts = values.CountBy(value => value).ToDictionary();
        return new(scaled, scaled.Where(double.IsFinite).Select(Math.Floor).Distinct().Count(), Array.ConvertAll(values, value => counts[value] <= MostOfRare));
    }

    static double Deviation(ReadOnlySpan<double> values)
    {
        double mean = 0, squares = 0, count = 0;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            double step = value - mean;
            mean += step / ++count;
            squares += step * (value - mean);
        }
        return count > 1 ? Math.Sqrt(squares / (count - 1)) : 0;
    }

    /// <param name="Values">One a row; NaN is missing.</param>
    /// <param name="Steps">Different values, of those that are near each other about one.</param>
    /// <param name="Rare">One a row: hardly another row has this very value. Noise makes such values; on a grid of few values rows that differ are other rows.</param>
    sealed record Axis(double[] Values, int Steps, bool[] Rare);
}
