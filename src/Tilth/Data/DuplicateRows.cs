using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>Finds rows that repeat others, which make a test look better than it is when they fall on both sides.</summary>
public static class DuplicateRows
{
    /// <summary>A 64-bit hash of each row's feature values; rows with equal features have equal hashes.</summary>
    /// <param name="conformed">A conformed table.</param>
    /// <param name="schema">Its schema; only features count.</param>
    public static ulong[] Hash(Table conformed, Schema schema)
    {
        var hashes = new ulong[conformed.RowCount];
        foreach (var feature in schema.Features)
        {
            var column = conformed[feature.Name];
            for (int row = 0; row < hashes.Length; row++) hashes[row] = StableHash.Mix((hashes[row] * 31) ^ ValueOf(column, row));
        }
        return hashes;
    }

    /// <summary>Rows that equal an earlier one.</summary>
    public static int Count(ulong[] hashes)
    {
        var seen = new HashSet<ulong>(hashes.Length);
        return hashes.Count(hash => !seen.Add(hash));
    }

    /// <summary>Test rows of a fold that equal a training row.</summary>
    public static int CountCrossing(ulong[] hashes, Fold fold)
    {
        var train = fold.Train.Select(row => hashes[row]).ToHashSet();
        return fold.Test.Count(row => train.Contains(hashes[row]));
    }

    static ulong ValueOf(Column column, int row) => column switch
    {
        NumberColumn numbers => (ulong)BitConverter.DoubleToInt64Bits(numbers.Values.Span[row] + 0.0),
        CategoryColumn levels => (ulong)levels.Codes.Span[row],
        DateTimeColumn moments => (ulong)moments.Ticks.Span[row],
        BooleanColumn flags => (ulong)flags.Values.Span[row],
        TextColumn texts => texts.IsMissing(row) ? 0 : StableHash.Of(texts.GetUtf8(row), 1),
        _ => 0,
    };
}
