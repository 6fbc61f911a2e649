using System.Buffers;
using System.Text.Json;
using Tilth.Models.Nodes;
using Tilth.Packaging;
using Tilth.Parts;

namespace Tilth.Search;

/// <summary>
/// What a finished trial leaves in the folder of its run beside its record: its fold models and out-of-fold predictions, so that
/// a run that goes on need not fit them again. Laid out as a package without a schema.
/// </summary>
internal static class TrialFile
{
    /// <summary>Larger models are fitted again rather than written: writing must not cost what it saves.</summary>
    public const long MostBytes = 64 << 20;

    const string Manifest = "manifest.json", Arrays = "arrays.bin";

    /// <summary>Writes the file as a whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(string path, Trial trial)
    {
        var arrays = new ArrayStore();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var writer = new PartWriter(json, arrays);
            json.WriteStartObject();
            writer.Int("models", trial.Models.Count);
            writer.Part("node", w => NodePacking.Pack(w, trial.Models.Count == 1 ? trial.Models[0] : new Mean(trial.Models)));
            writer.Array<double>("outOfFold", trial.OutOfFold);
            ArrayFile.WriteList(writer, arrays);
            json.WriteEndObject();
        }
        StoredZip.Save(path, [new Entry(Manifest, buffer.WrittenMemory), new Entry(Arrays, ArrayFile.Write(arrays))]);
    }

    /// <summary>Models and predictions; null if the file is not there or not whole.</summary>
    /// <param name="path">Where <see cref="Write"/> wrote.</param>
    /// <param name="predictions">How many there must be.</param>
    public static (IReadOnlyList<Node> Models, double[] OutOfFold)? Read(string path, int predictions)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var entries = StoredZip.Read(File.ReadAllBytes(path));
            using var document = JsonDocument.Parse(entries[0].Content);
            var store = ArrayFile.Read(new PartReader(document.RootElement, new ArrayStore()), entries[1].Content);
            var reader = new PartReader(document.RootElement, store);
            var node = NodePacking.Unpack(reader.Part("node"));
            return (reader.Int("models", 1, Node.MaxNodes) == 1 ? [node] : node.Children, reader.Array<double>("outOfFold", predictions, predictions));
        }
        catch (Exception fault) when (fault is PackageFormatException or JsonException or IOException)
        {
            return null;
        }
    }
}
