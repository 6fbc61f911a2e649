using Tilth.Data;
using Tilth.Honesty;
using Tilth.Packaging;
using Tilth.Search;
using Tilth.Walk;

namespace Tilth;

/// <summary>What a walk gave.</summary>
/// <param name="Package">Predicts; can be saved.</param>
/// <param name="Evaluation">How good it is on rows that it did not learn from.</param>
/// <param name="Importance">How much each source column moves the predictions, the most important first.</param>
/// <param name="Findings">How far the score and the predictions can be trusted.</param>
/// <param name="Groups">How the predictions do group by group; empty where nobody asked.</param>
/// <param name="Decisions">What was guessed or chosen, with the evidence.</param>
/// <param name="Warnings">What was odd about the table.</param>
/// <param name="RowCount">Rows with a target.</param>
/// <param name="Leaderboard">What a search tried; null without one.</param>
public sealed record TrainingResult(
    ModelPackage Package, Evaluation.Evaluation Evaluation, IReadOnlyList<ColumnImportance> Importance,
    Findings Findings, IReadOnlyList<GroupFindings> Groups, DecisionLog Decisions, IReadOnlyList<Problem> Warnings, int RowCount, Leaderboard? Leaderboard = null)
{
    /// <summary>Writes to the log of the search that this is how it ended, and in a few words why; null without a search.</summary>
    internal Action<string>? EndRun { get; init; }

    /// <summary>The rows that were scored, with what was foreseen of them.</summary>
    internal ScoredRows? Scored { get; init; }
}
