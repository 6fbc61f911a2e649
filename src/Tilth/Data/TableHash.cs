using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tilth.Data;

/// <summary>Names a table by its content: equal tables have equal names, whatever file they came from.</summary>
internal static class TableHash
{
    /// <summary>SHA-256 over names, kinds and values of the typed columns.</summary>
    public static string Of(Table table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in table.Columns)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{column.Name}\0{column.Kind}\0{column.Count}\0"));
            switch (column)
            {
                case NumberColumn numbers: hash.AppendData(MemoryMarshal.AsBytes(numbers.Values.Span)); break;
                case DateTimeColumn moments: hash.AppendData(MemoryMarshal.AsBytes(moments.Ticks.Span)); break;
                case BooleanColumn flags: hash.AppendData(MemoryMarshal.AsBytes(flags.Values.Span)); break;
                case CategoryColumn categories:
                    for (int level = 0; level < categories.Levels.Count; level++) hash.AppendData(Encoding.UTF8.GetBytes(categories.Levels.NameOf(level) + "\0"));
                    hash.AppendData(MemoryMarshal.AsBytes(categories.Codes.Span));
                    break;
                case TextColumn texts:
                    for (int row = 0; row < texts.Count; row++)
                    {
                        hash.AppendData(texts.IsMissing(row) ? [0] : [1]);
                        hash.AppendData(texts.GetUtf8(row));
                        hash.AppendData([0]);
                    }
                    break;
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
