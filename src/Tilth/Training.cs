using System.Globalization;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Honesty.Heads;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Search;
using Tilth.Walk;

namespace Tilth;

/// <summary>
/// The walk from a raw table to a package that predicts. <see cref="Run"/> calls every stage in its order; read it first. An
/// immutable record of what is asked; the same table, record and seed give the same package to the byte.
/// </summary>
public sealed record Training
{
    internal const string StoppedEarly = "stopped early";

    /// <summary>What to foresee, and what the user says about the columns.</summary>
    public required SchemaRequest Columns { get; init; }

    /// <summary>Algorithm and hyperparameters.</summary>
    public ISupervisedLearner Learner { get; init; } = new GradientBoosting();

    /// <summary>
    /// Share of the rows that is sealed and read once, for the score: above 0 and below 1; 0 seals nothing and scores out of
    /// fold; null for 0 below 10,000 rows and a tenth (at most 20,000 rows) from there on.
    /// </summary>
    public double? HoldoutShare { get; init; }

    /// <summary>
    /// Models, each of which leaves out another part of the rows; the package predicts their mean. At least 2, 1 for one model
    /// of all rows, or null to choose by the number of rows.
    /// </summary>
    public int? Folds { get; init; }

    /// <summary>After the score is known, learn once more from all rows, the sealed ones too.</summary>
    public bool Refit { get; init; } = true;

    /// <summary>Columns to learn from even if they are proven to give the target away.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>
    /// The column of dates that says when the prediction is made; columns of dates that lie after it are not learned from. Null
    /// if there is none.
    /// </summary>
    public string? KnownAt { get; init; }

    /// <summary>
    /// Search for the best blend of models instead of fitting <see cref="Learner"/>; null not to. Then nothing is sealed unless
    /// <see cref="HoldoutShare"/> says so: the score is of rows that neither learning nor choosing saw.
    /// </summary>
    public SearchPlan? Search { get; init; }

    /// <summary>
    /// Told of every whole result on the way of a search, from a constant guess on, each of which predicts and can be saved; on the
    /// thread of the training. Null if nobody waits for them.
    /// </summary>
    public Action<TrainingResult>? Improved { get; init; }

    /// <summary>What decisions are made for (costs, a capacity, a metric); null for a threshold of 0.5 and the most likely class.</summary>
    public DecisionGoal? Goal { get; init; }

    /// <summary>Columns by which the scored rows are measured group by group; they need not be features.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Bring probabilities to what was observed on rows that were not learned from, where that helps.</summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>The walk with every default.</summary>
    /// <param name="target">The column to foresee.</param>
    public static Training For(string target) => new() { Columns = new SchemaRequest { Target = target } };

    /// <summary>Learns from a table and says honestly how well.</summary>
    /// <param name="raw">As a source gave it.</param>
    /// <param name="context">Seed, threads, progress, and the two ways to stop.</param>
    /// <param name="test">Rows of another table to score on instead of sealed or left-out ones; or null.</param>
    /// <exception cref="SchemaException">The table does not have what is asked for.</exception>
    /// <exception cref="LearningException">Nothing can be learned from it.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public TrainingResult Run(Table raw, FitContext? context = null, Table? test = null)
    {
        context ??= FitContext.Default;
        long begun = Search?.Clock.GetTimestamp() ?? 0;
        Search?.Check();
        var (decisions, warnings) = (new DecisionLog(), new List<Problem>());
        var data = TrainingTable.Infer(raw, Columns, context, decisions, warnings);
        HeadFit.Check(Goal, data.Target.Schema);
        var (open, sealedRows) = Seal(data, test is not null, context.Seed, decisions);
        (data, var suspicions) = LeakCheck.Run(data, open, Keep, KnownAt, context, decisions, warnings);
        var testData = test is null ? null : TrainingTable.Read(test, data.Schema, warnings);
        if (testData is not null) suspicions = [.. suspicions, .. LeakCheck.Between(data, testData, warnings)];
        var ending = new Ending(this, data, open, sealedRows, testData, suspicions, warnings, test ?? raw, raw.RowCount, context);
        if (Search is not null) return Find(Search, data, open, begun, ending, context, decisions);
        var fit = Fit(data, open, leaveOut: sealedRows.Length == 0 && testData is null, context, decisions);
        if (context.ShouldFinish) TellStopped(fit, decisions, warnings);
        return ending.Of(fit, null, decisions, Refit ? first => FitAll(data, first, context, decisions) : null);
    }

    /// <summary>Searches; every outcome on the way is brought to its end, so that there is always a package.</summary>
    TrainingResult Find(SearchPlan plan, TrainingTable data, int[] open, long begun, Ending ending, FitContext context, DecisionLog decisions)
    {
        using var log = TrialLog.Open(plan.Log, plan.LogUse);
        TrainingResult Of(SearchOutcome outcome)
        {
            var all = new DecisionLog();
            all.AddRange(decisions.Concat(outcome.Decisions));
            var whole = ending.Of(new PlanFit(outcome.Node, outcome.OutOfFold), outcome.Board, all);
            return whole with
            {
                EndRun = why => log.End(why, outcome, folder => RunResult.Write(folder, whole)),
            };
        }
        Improved?.Invoke(Of(ConstantGuess.Of(data, open, context)));
        Action<SearchOutcome>? told = Improved is null && plan.Time is null ? null : outcome =>
        {
            var whole = Of(outcome);
            Improved?.Invoke(whole);
        };
        var found = ModelSearch.Run(plan, log, data, open, Folds, begun, context, told);
        var result = Of(found);
        result.EndRun!(context.ShouldFinish ? "stopped" : "done");
        return log.Fault is { } fault ? result with { Warnings = [.. result.Warnings, fault] } : result;
    }

    static void TellStopped(PlanFit fit, DecisionLog decisions, List<Problem> warnings)
    {
        string kept = fit.OutOfFold is { } folds ? string.Create(CultureInfo.InvariantCulture, $"{folds.FoldScores.Length} fold models were done, and {folds.Rows.Length:N0} rows are scored") : "the best rounds so far were kept";
        decisions.Add(StoppedEarly, kept, "the time was up, or somebody asked to stop");
        warnings.Add(new Problem("stopped-early", $"the training was stopped before its end: {kept}"));
    }

    /// <summary>Rows to learn from and rows to seal.</summary>
    SealedRows Seal(TrainingTable data, bool testGiven, ulong seed, DecisionLog decisions)
    {
        if (testGiven)
        {
            decisions.Add("hold-out", "the test table", "a test table was given, so that every row of the training table is learned from");
            return HoldoutPlan.None().Divide(data.Keys, seed);
        }
        var plan = HoldoutShare is { } share ? new HoldoutPlan(share) : Search is not null ? HoldoutPlan.None() : HoldoutPlan.Auto(data.RowCount);
        var (open, held) = plan.Divide(data.Keys, seed);
        string why = HoldoutShare is not null ? "as asked" : Search is not null ? "a search scores its blend on rows that neither its models nor its choice saw" : $"{data.RowCount} rows; from {HoldoutPlan.SealedFrom} on some are sealed";
        decisions.Add("hold-out", held.Length == 0 ? "none: the score is the out-of-fold estimate" : $"{held.Length} rows are sealed and read once, for the score", why);
        return new(open, held);
    }

    PlanFit Fit(TrainingTable data, int[] rows, bool leaveOut, FitContext context, DecisionLog decisions)
    {
        int folds = FoldsFor(data, rows.Length, leaveOut);
        var fitter = new PlanFitter(data, rows, Learner, context);
        if (folds == 1) return fitter.FitOnce("training");
        decisions.Add("folds", $"{folds} models, each of which leaves out another part of the rows", Folds is null ? $"{rows.Length} rows to learn from" : "as asked");
        bool twice = leaveOut && data.Keys.Times is null;
        if (twice) decisions.Add("score", "each row is foreseen under two divisions into folds", "the package predicts with the mean of its models, which is better than the one that did not see a row; two divisions tell by how much");
        return fitter.FitFolds(folds, context.Seed, twice);
    }

    int FoldsFor(TrainingTable data, int rows, bool leaveOut)
    {
        if (Folds is < 1) throw new LearningException("folds", $"the number of folds must be at least 1, but is {Folds}");
        int folds = Folds ?? (rows < HoldoutPlan.SealedFrom || leaveOut ? 5 : 1);
        if (leaveOut && folds == 1) throw new LearningException("folds", "without a sealed hold-out and a test table at least 2 folds are needed for a score");
        return Math.Min(folds, Math.Max(1, Math.Min(rows, data.Keys.Groups?.Distinct().Count() ?? rows)));
    }

    PlanFit FitAll(TrainingTable data, PlanFit first, FitContext context, DecisionLog decisions)
    {
        if (context.ShouldFinish) return first;
        decisions.Add("refit", "the package learned from all rows, the sealed ones too", "the score was known before; --no-refit ships the scored model itself");
        int[] all = [.. Enumerable.Range(0, data.RowCount)];
        int folds = FoldsFor(data, all.Length, leaveOut: false);
        var fitter = new PlanFitter(data, all, Learner, context);
        return folds == 1 ? fitter.FitOnce("training on all rows", first) : fitter.FitFolds(folds, context.Seed);
    }
}
