using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Explanation;
using Tilth.Fitting;
using Tilth.Honesty;
using Tilth.Honesty.Leaks;
using Tilth.Honesty.Rows;
using Tilth.Models.Heads;
using Tilth.Packaging;
using Tilth.Search;

namespace Tilth.Walk;

/// <summary>
/// From a fit to what a walk gives: head, score, importance, findings, package. A search comes here for every result on its way,
/// so that each of them is whole.
/// </summary>
/// <param name="training">What was asked.</param>
/// <param name="data">What is learned from.</param>
/// <param name="open">The rows that are not sealed.</param>
/// <param name="sealedRows">The rows that are.</param>
/// <param name="testData">Rows of another table to score on, or null.</param>
/// <param name="suspicions">What the hunt for leaks found.</param>
/// <param name="warnings">What was odd about the table.</param>
/// <param name="scoredFrom">The table that the scored rows came from, as its source gave it.</param>
/// <param name="rowsRead">Rows of the training table, those without a target too.</param>
/// <param name="context">Seed and threads.</param>
internal sealed class Ending(Training training, TrainingTable data, int[] open, int[] sealedRows, TrainingTable? testData,
    IReadOnlyList<Suspicion> suspicions, IReadOnlyList<Problem> warnings, Table scoredFrom, int rowsRead, FitContext context)
{
    /// <summary>Of the columns and the rows, whatever is learned from them; NaN where a random shuffle of the rows proves nothing.</summary>
    readonly Lazy<double> shuffled = new(() => data.Keys.Times is null && data.Keys.Groups is null ? ShuffleTest.PValue(data.Schema, data.Table, data.Target, open, context.Seed, context.Workers) : double.NaN);

    /// <summary>The result.</summary>
    /// <param name="fit">Is scored; and shipped unless <paramref name="refit"/> gives another.</param>
    /// <param name="board">Of a search, or null.</param>
    /// <param name="decisions">Gets those that are made here.</param>
    /// <param name="refit">Learns again once the score is known; null to ship what is scored.</param>
    public TrainingResult Of(PlanFit fit, Leaderboard? board, DecisionLog decisions, Func<PlanFit, PlanFit>? refit = null)
    {
        var held = sealedRows.Length > 0 ? ScoredRows.Sealed(data, sealedRows, fit.Node) : null;
        var unseen = fit.OutOfFold is { } outOfFold ? ScoredRows.OutOfFold(data, outOfFold) : held;
        var (head, scored, headFit) = HeadStep.Of(unseen, testData is null ? held ?? unseen! : ScoredRows.Test(testData, fit.Node), training.Goal, training.Calibrate, context.Seed, decisions);
        var evaluation = scored.Evaluate(TrivialBaseline.From(data.Target, open, data.WeightsOf(open)), head.Rule, context);
        if (held is not null && refit is not null) fit = refit(fit);
        var importance = SourceImportance.Of(fit.Node, data, context);
        var explanation = ExplanationStep.Of(fit.Node, head, data, importance, context);
        var groups = GroupStep.Of(scoredFrom, scored, head.Rule, training.Groups);
        var findings = new Findings
        {
            Verdict = Verdict.Of(evaluation, suspicions.Count(suspicion => !suspicion.LeftOut), shuffled.Value), Suspicions = suspicions,
            Calibration = headFit?.Calibration, Costs = headFit?.Costs, Goal = headFit?.Goal, Conformal = headFit?.Conformal,
            Questions = [.. importance.Where(column => column.Share > 0).Take(ColumnQuestion.Most).Select(column => new ColumnQuestion(column.Column, column.Share))],
            Issues = DataIssues.Of(scored.Held, data.Schema, scored.Data.Table.Take(scored.Rows), row => (scored.Data.SourceRows?[scored.Rows[row]] ?? scored.Rows[row]) + 1),
        };
        foreach (var question in findings.Questions) decisions.Add(question.Column, "asked about: is it known when the prediction is made?", FormattableString.Invariant($"{question.Share:P0} of what moves the predictions"));
        var package = Pack(fit, head, scored, evaluation, importance, explanation, findings, groups, decisions, board);
        return new TrainingResult(package, evaluation, importance, findings, groups, decisions, warnings, data.RowCount, board) { Scored = scored };
    }

    ModelPackage Pack(PlanFit fit, Head head, ScoredRows scored, Evaluation.Evaluation evaluation, IReadOnlyList<ColumnImportance> importance,
        ExplanationFindings? explanation, Findings findings, IReadOnlyList<GroupFindings> groups, DecisionLog decisions, Leaderboard? board)
    {
        var profile = DataProfile.Of(data.Schema, data.Table, scored.Predictions, data.Target.Schema.OutputCount);
        var documents = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [PackageDocuments.Evaluation] = EvaluationJson.Write(evaluation),
            [PackageDocuments.Decisions] = DecisionJson.Write(decisions),
            [Findings.DocumentName] = FindingsJson.Write(findings with { Issues = findings.Issues?.WithoutRows() }),
            [ImportanceJson.Name] = ImportanceJson.Write(importance),
            [PackageDocuments.Lineage] = Lineage.Write(training, data, rowsRead, context.Seed),
        };
        if (groups.Count > 0) documents[GroupFindings.DocumentName] = GroupJson.Write(groups);
        if (explanation is not null) documents[ExplanationFindings.DocumentName] = ExplanationJson.Write(explanation);
        if (board is not null) documents[LeaderboardJson.Name] = LeaderboardJson.Write(board);
        return new ModelPackage(data.Schema.WithholdRareLevels(data.Table), fit.Node, head, profile, documents);
    }
}
