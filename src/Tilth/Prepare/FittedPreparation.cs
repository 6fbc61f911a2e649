using Tilth.Data;

namespace Tilth.Prepare;

/// <summary>What fitting a plan gives.</summary>
/// <param name="Preparation">Makes features of any table of the schema.</param>
/// <param name="TrainingFeatures">
/// Features of every row of the table. Rows that were fitted on have out-of-fold values where a step reads the target; the
/// other rows have what <paramref name="Preparation"/> gives.
/// </param>
/// <param name="Notes">Columns that were left out or changed, and why.</param>
public sealed record FittedPreparation(Preparation Preparation, FeatureMatrix TrainingFeatures, IReadOnlyList<PreparationNote> Notes);

/// <summary>What preparation decided about a column.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Note">What and why, as a sentence without its end ("left out: every value is missing").</param>
public sealed record PreparationNote(string Column, string Note);
