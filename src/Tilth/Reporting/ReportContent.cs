using Tilth.Data;
using Tilth.Explanation;
using Tilth.Honesty;
using Tilth.Packaging;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>What one row's prediction was made of, in the prediction's unit.</summary>
/// <param name="Title">Which row it is.</param>
/// <param name="Start">The mean prediction.</param>
/// <param name="Steps">Column and value, and how far it moved the prediction; the largest first.</param>
/// <param name="Error">The largest standard error of a step; 0 where they are exact.</param>
/// <param name="Note">What was foreseen, and what became true; empty for rows that are made up.</param>
public sealed record RowStory(string Title, double Start, IReadOnlyList<(string Name, double Move)> Steps, double Error, string Note = "");

/// <summary>What readability costs: a model that people can read beside the best one.</summary>
/// <param name="Metric">What is compared.</param>
/// <param name="Readable">The readable model's score.</param>
/// <param name="Best">The best model's score.</param>
public sealed record ReadablePrice(string Metric, Evaluation.Interval Readable, Evaluation.Interval Best);

/// <summary>Everything that a report tells; what is empty is left out.</summary>
public sealed record ReportContent
{
    /// <summary>How good the predictions are.</summary>
    public required Evaluation.Evaluation Evaluation { get; init; }

    /// <summary>What a row is, in the plural ("patients").</summary>
    public string Rows { get; init; } = "rows";

    /// <summary>What the model is for, in the words of who answers for it; null if nobody said.</summary>
    public string? Use { get; init; }

    /// <summary>What it is not for, beside what is always said; null if nobody said.</summary>
    public string? NotFor { get; init; }

    /// <summary>What the columns are; null to leave them out.</summary>
    public Schema? Schema { get; init; }

    /// <summary>How the values of the columns lay; null if unknown.</summary>
    public DataProfile? Profile { get; init; }

    /// <summary>Source columns with their share of the importance, the most important first; intervals where known.</summary>
    public IReadOnlyList<NamedBar> Importance { get; init; } = [];

    /// <summary>What columns do to the predictions; null if unknown.</summary>
    public ExplanationFindings? Explanation { get; init; }

    /// <summary>How single predictions came about.</summary>
    public IReadOnlyList<RowStory> Stories { get; init; } = [];

    /// <summary>The file whose rows the stories tell; null if they are made up.</summary>
    public string? StoriesFrom { get; init; }

    /// <summary>The functions of a model that can be read as they are.</summary>
    public IReadOnlyList<EffectFinding> Shapes { get; init; } = [];

    /// <summary>Its largest functions of two columns.</summary>
    public IReadOnlyList<PairFinding> ShapePairs { get; init; } = [];

    /// <summary>A readable model beside the best; null if none was tried.</summary>
    public ReadablePrice? Readable { get; init; }

    /// <summary>How good the predictions are for each group of rows.</summary>
    public IReadOnlyList<GroupFindings> Groups { get; init; } = [];

    /// <summary>How far the score can be trusted; null to leave it out.</summary>
    public Findings? Findings { get; init; }

    /// <summary>What was guessed or chosen, with the evidence.</summary>
    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    /// <summary>How it was trained: name and value ("learner", "seed", "rows").</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Lineage { get; init; } = [];

    /// <summary>The package's file name, for the lines that show how to use it.</summary>
    public string PackageFile { get; init; } = "model.tilth";
}
