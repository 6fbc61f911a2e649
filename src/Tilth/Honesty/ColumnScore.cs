using Tilth.Data;
using Tilth.Honesty.Leaks;
using Tilth.Statistics;

namespace Tilth.Honesty;

/// <summary>
/// A column ready to be held against many deals of a target. Numbers and dates: a line and a bend in their ranks. Everything of
/// levels: its larger levels, and the smaller ones together. Whether a value is missing counts as a level.
/// </summary>
/// <param name="cells">The level of each row.</param>
/// <param name="sizes">Rows of each level.</param>
/// <param name="line">Of ranks: mean 0 and squared sum 1; empty for levels.</param>
/// <param name="bend">The same, at right angles to the line; empty where there are two values only.</param>
internal sealed class ColumnScore(int[] cells, int[] sizes, double[] line, double[] bend)
{
    const int MostLevels = 32, FewestRows = 5;

    int Degrees => sizes.Length - 1 + (line.Length > 0 ? 1 : 0) + (bend.Length > 0 ? 1 : 0);

    /// <summary>The column's rows; null for texts and where the rows do not differ.</summary>
    public static ColumnScore? Of(Column column, int[] rows)
    {
        if (column is TextColumn) return null;
        var score = ColumnCells.ValuesOf(column, rows) is { } values ? OfNumbers(values) : OfLevels(ColumnCells.Exact(column, rows));
        return score.Degrees > 0 ? score : null;
    }

    /// <summary>The chance that a target drawn without looking lies closer.</summary>
    /// <param name="dealt">What stands in each row, as a place in the tables of scores.</param>
    /// <param name="scores">Tables of scores of mean 0.</param>
    public double Tail(int[] dealt, double[][] scores)
    {
        double sum = 0;
        var sums = new double[sizes.Length];
        foreach (double[] table in scores)
        {
            double along = 0, across = 0;
            if (line.Length > 0)
                for (int row = 0; row < dealt.Length; row++) along += line[row] * table[dealt[row]];
            if (bend.Length > 0)
                for (int row = 0; row < dealt.Length; row++) across += bend[row] * table[dealt[row]];
            sum += along * along + across * across;
            if (sizes.Length < 2) continue;
            Array.Clear(sums);
            for (int row = 0; row < dealt.Length; row++) sums[cells[row]] += table[dealt[row]];
            for (int level = 0; level < sums.Length; level++) sum += sums[level] * sums[level] / sizes[level];
        }
        return ChiSquaredDistribution.Tail(sum, Degrees * Math.Max(1, scores.Length - 1));
    }

    static ColumnScore OfNumbers(double[] values)
    {
        int[] known = [.. Enumerable.Range(0, values.Length).Where(row => !double.IsNaN(values[row]))];
        Array.Sort(Array.ConvertAll(known, row => values[row]), known);
        double[] line = new double[values.Length], bend = new double[values.Length];
        for (int start = 0, end; start < known.Length; start = end)
        {
            for (end = start + 1; end < known.Length && values[known[end]] == values[known[start]];) end++;
            double rank = (start + end - known.Length) / (double)known.Length;
            for (int at = start; at < end; at++) (line[known[at]], bend[known[at]]) = (rank, rank * rank);
        }
        line = Straight(line, known, []);
        bend = line.Length > 0 ? Straight(bend, known, line) : [];
        int missing = values.Length - known.Length;
        bool tells = missing >= FewestRows && known.Length >= FewestRows;
        return tells ? new(Array.ConvertAll(values, value => double.IsNaN(value) ? 1 : 0), [known.Length, missing], line, bend) : new([], [values.Length], line, bend);
    }

    /// <summary>Less its mean and what lies along the other, then of length 1; empty where nothing is left. Missing rows stay at 0.</summary>
    static double[] Straight(double[] values, int[] known, double[] other)
    {
        if (known.Length < FewestRows) return [];
        double mean = known.Sum(row => values[row]) / known.Length, along = other.Length == 0 ? 0 : known.Sum(row => values[row] * other[row]), square = 0;
        foreach (int row in known)
        {
            values[row] -= mean + (other.Length == 0 ? 0 : along * other[row]);
            square += values[row] * values[row];
        }
        if (square < 1e-6 * known.Length) return [];
        double scale = 1 / Math.Sqrt(square);
        foreach (int row in known) values[row] *= scale;
        return values;
    }

    static ColumnScore OfLevels(ColumnCells exact)
    {
        var counts = new int[exact.Count + 1];
        foreach (int code in exact.Codes) counts[code + 1]++;
        int[] large = [.. Enumerable.Range(0, counts.Length).Where(level => counts[level] >= FewestRows).OrderByDescending(level => counts[level]).Take(MostLevels)];
        var place = new int[counts.Length];
        Array.Fill(place, large.Length);
        for (int i = 0; i < large.Length; i++) place[large[i]] = i;
        int[] cells = Array.ConvertAll(exact.Codes, code => place[code + 1]);
        var sizes = new int[large.Length + 1];
        foreach (int cell in cells) sizes[cell]++;
        return new(cells, sizes[^1] > 0 ? sizes : sizes[..^1], [], []);
    }
}
