using System.Text;
using System.Text.Json;
using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.AspNetCore.Rows;

/// <summary>Finds a column by the bytes of its name; a name that stands where it stood in the row before costs one comparison.</summary>
internal sealed class ColumnNames
{
    readonly byte[][] names;
    readonly Dictionary<ulong, int> byHash = [];

    public ColumnNames(IReadOnlyList<ColumnSchema> columns)
    {
        names = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        for (int c = 0; c < names.Length; c++) byHash[StableHash.Of(names[c])] = c;
    }

    /// <summary>The column that a property names, or -1.</summary>
    /// <param name="reader">At a property name.</param>
    /// <param name="guess">The column that is likely.</param>
    public int Find(ref Utf8JsonReader reader, int guess)
    {
        if (guess < names.Length && reader.ValueTextEquals(names[guess])) return guess;
        return reader.ValueIsEscaped ? Find(Encoding.UTF8.GetBytes(reader.GetString()!)) : Find(reader.ValueSpan);
    }

    public int Find(ReadOnlySpan<byte> name)
        => byHash.TryGetValue(StableHash.Of(name), out int column) && name.SequenceEqual(names[column]) ? column : -1;
}
