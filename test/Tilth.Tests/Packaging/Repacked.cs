using System.Security.Cryptography;
using System.Text;
using Tilth.Packaging;

namespace Tilth.Tests.Packaging;

/// <summary>Packages whose entries were changed and whose check sums are right again, so that faults reach the inner readers.</summary>
static class Repacked
{
    public static byte[] Of(IEnumerable<(string Name, byte[] Content)> entries, bool withChecksums = true)
    {
        var own = entries.Select(entry => new Entry(entry.Name, entry.Content)).ToList();
        if (withChecksums) own.Add(ChecksumsOf(own));
        using var stream = new MemoryStream();
        StoredZip.Write(stream, own);
        return stream.ToArray();
    }

    public static List<(string Name, byte[] Content)> EntriesOf(ReadOnlyMemory<byte> package)
        => [.. StoredZip.Read(package).SkipLast(1).Select(entry => (entry.Name, entry.Content.ToArray()))];

    /// <summary>The last array holds the golden predictions; its lowest bit is turned.</summary>
    public static byte[] WithChangedPrediction(List<Entry> entries)
    {
        var own = entries.SkipLast(1).Select(entry => (entry.Name, Content: entry.Content.ToArray())).ToList();
        byte[] arrays = own[2].Content;
        using var manifest = System.Text.Json.JsonDocument.Parse(own[0].Content);
        int number = manifest.RootElement.GetProperty("golden").GetProperty("predictions").GetInt32();
        long at = 0;
        foreach (var array in manifest.RootElement.GetProperty("arrays").EnumerateArray().Take(number))
            at = (at + 63) / 64 * 64 + array.GetProperty("bytes").GetInt64();
        arrays[(at + 63) / 64 * 64] ^= 1;
        return Of(own);
    }

    static Entry ChecksumsOf(IEnumerable<Entry> entries)
        => new("checksums.txt", Encoding.ASCII.GetBytes(string.Concat(entries.Select(entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Content.Span))}  {entry.Name}\n"))));
}
