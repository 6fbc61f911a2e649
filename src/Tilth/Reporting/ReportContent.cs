using Tilth.Data;
using Tilth.Honesty;
using Tilth.Packaging;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>Everything that a report tells; what is empty is left out.</summary>
public sealed record ReportContent
{
    /// <summary>How good the predictions are.</summary>
    public required Evaluation.Evaluation Evaluation { get; init; }

    /// <summary>What the columns are; null to leave them out.</summary>
    public Schema? Schema { get; init; }

    /// <summary>How the values of the columns lay; null if unknown.</summary>
    public DataProfile? Profile { get; init; }

    /// <summary>Source columns with their share of the importance, the most important first; intervals where known.</summary>
    public IReadOnlyList<NamedBar> Importance { get; init; } = [];

    /// <summary>How far the score can be trusted; null to leave it out.</summary>
    public Findings? Findings { get; init; }

    /// <summary>What was guessed or chosen, with the evidence.</summary>
    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    /// <summary>How it was trained: name and value ("learner", "seed", "rows").</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Lineage { get; init; } = [];

    /// <summary>The package's file name, for the lines that show how to use it.</summary>
    public string PackageFile { get; init; } = "model.tilth";
}
