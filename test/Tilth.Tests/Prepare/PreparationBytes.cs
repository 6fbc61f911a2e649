using System.Text.Json;
using Tilth.Parts;
using Tilth.Prepare;

namespace Tilth.Tests.Prepare;

/// <summary>A preparation as a package would hold it: a manifest and arrays.</summary>
sealed record PreparationBytes(string Json, ArrayStore Arrays)
{
    public static PreparationBytes Of(Preparation preparation)
    {
        var arrays = new ArrayStore();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            preparation.Pack(new PartWriter(json, arrays));
            json.WriteEndObject();
        }
        return new(System.Text.Encoding.UTF8.GetString(stream.ToArray()), arrays);
    }

    public Preparation Read()
    {
        using var document = JsonDocument.Parse(Json);
        return Preparation.Unpack(new PartReader(document.RootElement, Arrays));
    }

    /// <summary>Equal manifests and equal arrays.</summary>
    public bool SameAs(PreparationBytes other)
        => Json == other.Json && Arrays.Count == other.Arrays.Count
            && Arrays.Entries.Zip(other.Arrays.Entries).All(pair => pair.First.Type == pair.Second.Type
                && pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span));
}
