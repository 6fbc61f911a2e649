using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// Rows that repeat others. Where columns have few values rows are equal by chance, but then far more rows are equal in all
/// columns but one; copies are not. A column of many values, or numbers foreseen to the last digit, need no such proof.
/// </summary>
internal static class RepeatedRows
{
    const double Share = 0.01, ManyValues = 0.2;
    const int Fewest = 10, MostColumns = 40, SureRepeats = 20;

    /// <summary>What is suspected; null if nothing is.</summary>
    /// <param name="table">Conformed.</param>
    /// <param name="schema">Its schema; features count.</param>
    /// <param name="target">Of <paramref name="rows"/>.</param>
    /// <param name="rows">Rows of the table that may be looked at.</param>
    public static Suspicion? Find(Table table, Schema schema, Target target, int[] rows)
    {
        ulong[][] hashes = [.. schema.Features.Select((column, c) => HashesOf(schema, table, column, rows, c))];
        var whole = new ulong[rows.Length];
        foreach (ulong[] column in hashes)
            for (int i = 0; i < whole.Length; i++) whole[i] += column[i];
        var (repeats, agree) = Repeats(whole, target);
        if (repeats < Fewest || repeats < Share * rows.Length) return null;
        bool exactly = target.Task == TaskKind.Regression && repeats >= SureRepeats && agree > 0.9 * repeats;
        int step = Math.Max(1, hashes.Length / MostColumns), byChance = 0;
        bool sure = exactly || hashes.Any(column => column.Distinct().Count() > ManyValues * rows.Length);
        for (int c = 0; c < hashes.Length && !sure; c += step)
        {
            var without = new ulong[whole.Length];
            for (int i = 0; i < without.Length; i++) without[i] = whole[i] - hashes[c][i];
            byChance = Math.Max(byChance, Repeats(without, target).Repeats - repeats);
        }
        if (byChance > repeats) return null;
        return new(LeakKind.RepeatedRows, null, false,
            $"{repeats:N0} of {rows.Length:N0} rows repeat an earlier row in every column that is learned from, {agree:N0} of them with the same '{target.Schema.Column}'",
            "A row that stands on both sides of a split is foreseen by heart: remove the copies, or name what binds them with --group.");
    }

    /// <summary>Rows whose hash an earlier row has, and those of them whose target is the same.</summary>
    static (int Repeats, int Agree) Repeats(ulong[] hashes, Target target)
    {
        var first = new Dictionary<ulong, int>(hashes.Length);
        int repeats = 0, agree = 0;
        for (int i = 0; i < hashes.Length; i++)
        {
            if (first.TryAdd(hashes[i], i)) continue;
            repeats++;
            if (target.Values[first[hashes[i]]] == target.Values[i]) agree++;
        }
        return (repeats, agree);
    }

    /// <summary>A hash a row such that the sum over columns tells rows apart, and a column can be taken off the sum.</summary>
    internal static ulong[] HashesOf(Schema schema, Table table, ColumnSchema column, int[] rows, int number)
    {
        ulong[] all = DuplicateRows.Hash(table, schema with { Columns = [column] });
        return Array.ConvertAll(rows, row => StableHash.Mix(all[row] + (ulong)(number + 1) * 0x9E3779B97F4A7C15));
    }
}
