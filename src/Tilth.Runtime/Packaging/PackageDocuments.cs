namespace Tilth.Packaging;

/// <summary>The names that JSON documents beside the model have in a package; the package itself does not read them.</summary>
public static class PackageDocuments
{
    /// <summary>How good the model is: metrics with intervals, curves.</summary>
    public const string Evaluation = "evaluation.json";

    /// <summary>What was guessed or chosen on the way, with the evidence.</summary>
    public const string Decisions = "decisions.json";

    /// <summary>From which data, plan and seed the package came.</summary>
    public const string Lineage = "lineage.json";

    /// <summary>What makes a name unfit, or null: a name is lower case, ends with ".json" and is none of the package's own entries.</summary>
    internal static string? FaultOf(string name)
        => StoredZip.IsName(name) && name.EndsWith(".json", StringComparison.Ordinal) && name is not (PackageBody.Manifest or PackageBody.Schema)
            ? null
            : $"'{name}' is not a name that a document in a package may have";
}
