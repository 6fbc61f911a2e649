using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Prepare;

/// <summary>Finds columns that tell nothing in the rows that are learned from: all missing, constant, or a copy of an earlier one.</summary>
internal static class UselessColumns
{
    /// <summary>The other columns, in their order; each column left out is noted.</summary>
    public static IReadOnlyList<ColumnSchema> Without(IEnumerable<ColumnSchema> features, Table table, int[] rows, WorkerPool workers, List<PreparationNote> notes)
    {
        var columns = features.ToArray();
        var prints = new Fingerprint[columns.Length];
        workers.For(columns.Length, i => prints[i] = FingerprintOf(Conforming(table, columns[i]), rows));
        var kept = new List<ColumnSchema>();
        var seen = new Dictionary<(ColumnKind, ulong), ColumnSchema>();
        for (int i = 0; i < columns.Length; i++)
        {
            var (name, kind) = (columns[i].Name, columns[i].Kind);
            if (prints[i].AllMissing) notes.Add(new(name, "left out: every value is missing"));
            else if (prints[i].Constant) notes.Add(new(name, "left out: every value is the same"));
            else if (seen.TryGetValue((kind, prints[i].Hash), out var first) && AreEqual(table[name], table[first.Name], rows))
                notes.Add(new(name, $"left out: it repeats '{first.Name}'"));
            else
            {
                seen.TryAdd((kind, prints[i].Hash), columns[i]);
                kept.Add(columns[i]);
            }
        }
        return kept;
    }

    readonly record struct Fingerprint(ulong Hash, bool AllMissing, bool Constant);

    static Column Conforming(Table table, ColumnSchema schema) => table[schema.Name] is var column && column.Kind == schema.Kind
        ? column
        : throw new SchemaException("column-kind", $"column '{schema.Name}' holds {column.Kind} values, but the schema says {schema.Kind}");

    static Fingerprint FingerprintOf(Column column, int[] rows)
    {
        ulong hash = 0, first = KeyOf(column, rows[0]);
        bool constant = true, missing = true;
        foreach (int row in rows)
        {
            ulong key = KeyOf(column, row);
            hash = StableHash.Mix(hash ^ key) + 1;
            constant &= key == first;
            missing &= column.IsMissing(row);
        }
        return new(hash, missing, constant);
    }

    static bool AreEqual(Column a, Column b, int[] rows)
    {
        if (a is CategoryColumn left && b is CategoryColumn right && left.Levels.Count != right.Levels.Count) return false;
        foreach (int row in rows)
            if (a.IsMissing(row) != b.IsMissing(row) || KeyOf(a, row) != KeyOf(b, row)) return false;
        return true;
    }

    /// <summary>Equal values have equal keys; a category's is its level's, so that columns with other codes compare right.</summary>
    static ulong KeyOf(Column column, int row) => column switch
    {
        _ when column.IsMissing(row) => 0x9D5A_11F3_0C8B_7E21,
        NumberColumn numbers => BitConverter.DoubleToUInt64Bits(numbers.Values.Span[row] + 0.0),
        CategoryColumn categories => categories.Levels.KeyOf(categories.Codes.Span[row]),
        DateTimeColumn moments => (ulong)moments.Ticks.Span[row],
        BooleanColumn flags => (ulong)flags.Values.Span[row],
        TextColumn texts => StableHash.Of(texts.GetUtf8(row)),
        _ => 0,
    };
}
