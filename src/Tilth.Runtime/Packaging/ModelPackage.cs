using Tilth.Data;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;

namespace Tilth.Packaging;

/// <summary>
/// One model with everything that it takes to predict, to trust and to watch it: schema, preparation and models, head,
/// profile of the training data, documents, and golden rows that prove the bits. Immutable and thread-safe. The same objects
/// always give the same bytes. Opening one from a stranger is safe: it is data only, read under stated limits.
/// The format stands in docs/formats/package.md.
/// </summary>
public sealed class ModelPackage
{
    readonly Lazy<string> hash;
    string? version;

    /// <summary>Puts a package together; makes its golden rows.</summary>
    /// <param name="schema">With a target; rare levels withheld (Schema.WithholdRareLevels).</param>
    /// <param name="node">Reads feature columns of the schema; one prediction an output of the target.</param>
    /// <param name="head">Fits the target.</param>
    /// <param name="profile">What the training data looked like, or null.</param>
    /// <param name="documents">JSON texts by name (<see cref="PackageDocuments"/>).</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public ModelPackage(Schema schema, Node node, Head head, DataProfile? profile = null, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? documents = null)
    {
        if (FaultOf(schema, node, head) is { } fault) throw new ArgumentException(fault);
        documents ??= new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (string name in documents.Keys)
            if (PackageDocuments.FaultOf(name) is { } unfit) throw new ArgumentException(unfit);
        (Schema, Node, Head, Profile, Documents) = (schema, node, head, profile, documents);
        Golden = GoldenRows.Make(schema, node);
        hash = new Lazy<string>(() => PackageBody.HashOf(PackageBody.Write(this)));
    }

    internal ModelPackage(Schema schema, Node node, Head head, DataProfile? profile, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> documents,
        GoldenRows golden, string hash)
    {
        (Schema, Node, Head, Profile, Documents, Golden) = (schema, node, head, profile, documents, golden);
        this.hash = new Lazy<string>(hash);
    }

    /// <summary>What the columns mean.</summary>
    public Schema Schema { get; }

    /// <summary>What is foreseen.</summary>
    public TargetSchema Target => Schema.Target!;

    /// <summary>Preparations and models.</summary>
    public Node Node { get; }

    /// <summary>Calibration, decision, names of the outputs.</summary>
    public Head Head { get; }

    /// <summary>What the training data looked like, or null.</summary>
    public DataProfile? Profile { get; }

    /// <summary>JSON texts by name, UTF-8; never read by the package itself.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Documents { get; }

    /// <summary>SHA-256 over every entry, 64 lower-case hexadecimal digits: equal exactly for equal packages.</summary>
    public string ContentHash => hash.Value;

    /// <summary>The first 12 digits of <see cref="ContentHash"/>.</summary>
    public string Version => version ??= ContentHash[..12];

    internal GoldenRows Golden { get; }

    /// <summary>The package's bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return stream.ToArray();
    }

    /// <summary>Writes the package at the stream's position.</summary>
    public void Save(Stream stream) => StoredZip.Write(stream, PackageBody.Write(this));

    /// <summary>
    /// Writes the package beside its place and then moves it there, so that a full disk or a crash leaves what was there
    /// before as it was.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or the folder does not exist.</exception>
    public void Save(string path) => StoredZip.Save(path, PackageBody.Write(this));

    /// <summary>Reads a package from a file.</summary>
    /// <exception cref="PackageFormatException">There is no such file, it cannot be read, or it is not a sound package; says what is wrong.</exception>
    public static ModelPackage Open(string path) => PackageFile.Open(path);

    /// <summary>Reads a package from the rest of a stream.</summary>
    /// <param name="stream">Is read to its end.</param>
    /// <param name="name">Names the package in messages.</param>
    /// <exception cref="PackageFormatException">It is not a sound package; says what is wrong.</exception>
    public static ModelPackage Open(Stream stream, string name = "stream") => PackageFile.Open(stream, name);

    /// <summary>Predicts the golden rows, as a table and one by one, and compares every bit with what is stored.</summary>
    /// <exception cref="PackageFormatException">A prediction differs; says which.</exception>
    public void Verify()
    {
        if (Golden.FindFault(Schema, Node) is { } fault) throw new PackageFormatException("golden-rows", $"package {Version} does not predict what it did when it was made: {fault}");
    }

    internal static string? FaultOf(Schema schema, Node node, Head head)
    {
        if (schema.Target is not { } target) return "a package's schema names a target";
        if (schema.Find(target.Column)?.Role != ColumnRole.Target) return $"the schema has no target column '{target.Column}'";
        if (node.OutputCount != target.OutputCount) return $"the model has {node.OutputCount} outputs, but the target '{target.Column}' needs {target.OutputCount}";
        var features = schema.Features.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var input in node.Preparations.SelectMany(preparation => preparation.Inputs))
        {
            if (!features.TryGetValue(input.Column, out var column)) return $"the model reads '{input.Column}', which is not a feature column of the schema";
            if (column.Kind != input.Kind) return $"the model reads '{input.Column}' as {input.Kind}, but the schema says {column.Kind}";
        }
        return head.FaultFor(target);
    }
}
