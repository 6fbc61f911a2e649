using System.Text.Json;
using Tilth.Parts;

namespace Tilth.Tests.Models;

/// <summary>Writes a part as a package does and reads it back, with a chance to spoil the JSON or the arrays on the way.</summary>
static class PartRoundTrip
{
    public static T Through<T>(Action<PartWriter> pack, Func<PartReader, T> unpack,
        Func<string, string>? spoilJson = null, Func<int, byte[], byte[]>? spoilArray = null)
    {
        var arrays = new ArrayStore();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            pack(new PartWriter(json, arrays));
            json.WriteEndObject();
        }
        string text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        var read = new ArrayStore();
        int index = 0;
        foreach (var (type, bytes) in arrays.Entries) read.Append(type, spoilArray?.Invoke(index++, bytes.ToArray()) ?? bytes);
        using var document = JsonDocument.Parse(spoilJson?.Invoke(text) ?? text);
        return unpack(new PartReader(document.RootElement, read));
    }
}
