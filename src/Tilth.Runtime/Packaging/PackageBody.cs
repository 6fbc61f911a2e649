using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tilth.Data;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;
using Tilth.Parts;

namespace Tilth.Packaging;

/// <summary>Turns a package's objects into entries and back.</summary>
internal static class PackageBody
{
    public const string Manifest = "manifest.json", Schema = "schema.json", Arrays = "arrays.bin", Checksums = "checksums.txt";

    public const int Format = 1;

    /// <summary>Bytes of the manifest, and of each document, at most.</summary>
    public const int MaxJsonBytes = 64 << 20;

    /// <summary>The entries in their order; the last one has the SHA-256 of each other, in the form of sha256sum.</summary>
    public static List<Entry> Write(ModelPackage package)
    {
        var arrays = new ArrayStore();
        byte[] manifest = WriteManifest(package, arrays);
        var entries = new List<Entry>
        {
            new(Manifest, manifest), new(Schema, SchemaJson.Write(package.Schema)), new(Arrays, ArrayFile.Write(arrays)),
        };
        entries.AddRange(package.Documents.OrderBy(document => document.Key, StringComparer.Ordinal)
            .Select(document => new Entry(document.Key, document.Value)));
        foreach (var (name, content) in entries)
            if (name != Arrays && content.Length > MaxJsonBytes)
                throw new ArgumentException($"'{name}' would have {content.Length} bytes; a package takes at most {MaxJsonBytes}");
        entries.Add(new Entry(Checksums, ChecksumsOf(entries)));
        return entries;
    }

    /// <summary>The package's objects; the entries' contents were compared with their sums.</summary>
    public static ModelPackage Read(IReadOnlyList<Entry> entries)
    {
        string[] names = [.. entries.Select(entry => entry.Name)];
        if (names is not [Manifest, Schema, Arrays, .., Checksums])
            throw new PackageFormatException("package-entries", $"holds {Spelling.List(names)} instead of '{Manifest}', '{Schema}', '{Arrays}', documents and '{Checksums}'");
        var own = entries.Take(entries.Count - 1).ToList();
        if (!entries[^1].Content.Span.SequenceEqual(ChecksumsOf(own))) throw new PackageFormatException("package-checksum", DamagedEntry(entries));
        foreach (var (name, content) in own)
            if (name != Arrays && content.Length > MaxJsonBytes)
                throw new PackageFormatException("package-size", $"has {content.Length} bytes of '{name}'; at most {MaxJsonBytes} are read");
        var documents = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (int e = 3; e < own.Count; e++)
        {
            if (PackageDocuments.FaultOf(own[e].Name) is { } fault) throw new PackageFormatException("package-entries", $"holds what is no document: {fault}");
            if (e > 3 && string.CompareOrdinal(own[e - 1].Name, own[e].Name) >= 0)
                throw new PackageFormatException("package-entries", $"holds '{own[e].Name}' out of its order");
            documents.Add(own[e].Name, own[e].Content);
        }
        return ReadManifest(own[0].Content, own[2].Content, SchemaJson.ReadFromPackage(own[1].Content), documents, HashOf(entries));
    }

    /// <summary>The SHA-256 of the entry with the sums, in lower-case hexadecimal: it stands for every byte of the package.</summary>
    public static string HashOf(IReadOnlyList<Entry> entries) => Convert.ToHexStringLower(SHA256.HashData(entries[^1].Content.Span));

    static byte[] WriteManifest(ModelPackage package, ArrayStore arrays)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var writer = new PartWriter(json, arrays);
            json.WriteStartObject();
            writer.Text("kind", "tilth package");
            writer.Int("format", Format);
            writer.Part("model", w => NodePacking.Pack(w, package.Node));
            writer.Part("head", package.Head.Pack);
            if (package.Profile is { } profile) writer.Part("profile", profile.Pack);
            writer.Part("golden", package.Golden.Pack);
            ArrayFile.WriteList(writer, arrays);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static ModelPackage ReadManifest(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> arrayFile, Schema schema,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> documents, string hash)
    {
        using var document = Parse(json);
        var lists = new PartReader(document.RootElement, new ArrayStore());
        if (lists.Text("kind") != "tilth package") throw lists.Wrong("kind", $"is '{lists.Text("kind")}', not 'tilth package'");
        int format = lists.Int("format", 1, int.MaxValue);
        if (format > Format) throw lists.Wrong("format", $"is {format}; this version of Tilth reads packages up to format {Format}; use a newer one");
        var arrays = ArrayFile.Read(lists, arrayFile);
        arrays.Allowance = 16L * arrayFile.Length + (16 << 20);
        var reader = new PartReader(document.RootElement, arrays);
        if (schema.Target is not { } target) throw reader.Wrong("schema", "names no target");
        var node = NodePacking.Unpack(reader.Part("model"));
        var head = Head.Unpack(reader.Part("head"), target);
        if (ModelPackage.FaultOf(schema, node, head) is { } fault) throw reader.Wrong("model", $"does not fit the schema: {fault}");
        var profile = reader.Has("profile") ? DataProfile.Unpack(reader.Part("profile")) : null;
        var golden = GoldenRows.Unpack(reader.Part("golden"), schema, node);
        return new ModelPackage(schema, node, head, profile, documents, golden, hash);
    }

    static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new PackageFormatException("manifest", "is damaged: its manifest is not a JSON object");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new PackageFormatException("manifest", $"is damaged: its manifest is not valid JSON ({fault.Message})", fault);
        }
    }

    static byte[] ChecksumsOf(IEnumerable<Entry> entries)
    {
        var text = new StringBuilder();
        foreach (var (name, content) in entries) text.Append(Convert.ToHexStringLower(SHA256.HashData(content.Span))).Append("  ").Append(name).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    static string DamagedEntry(IReadOnlyList<Entry> entries)
    {
        string stated = Encoding.Latin1.GetString(entries[^1].Content.Span);
        foreach (var entry in entries.SkipLast(1))
            if (!stated.Contains(Encoding.ASCII.GetString(ChecksumsOf([entry])), StringComparison.Ordinal))
                return $"is damaged: the check sum (SHA-256) of '{entry.Name}' does not match";
        return $"is damaged: '{Checksums}' names other entries than the package has";
    }
}
