using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models.Nodes;
using Tilth.Prepare;

namespace Tilth.Walk;

/// <summary>A plan (preparation and learner) fitted on some rows.</summary>
/// <param name="Node">Predicts from conformed tables.</param>
/// <param name="OutOfFold">Predictions of rows by models that did not learn from them; null for a single fit.</param>
internal sealed record PlanFit(Node Node, OutOfFold? OutOfFold);

/// <summary>
/// Fits one plan on the named rows of a training table: once, or once a fold with the mean of the fold models as the result.
/// Nothing reads other rows.
/// </summary>
internal sealed class PlanFitter(TrainingTable data, int[] rows, ISupervisedLearner learner, FitContext context)
{
    readonly PreparationPlan plan = PreparationPlan.For(data.Schema, learner.Needs);

    // What does not look at the target is prepared once and shared by all fits, with its bins.
    Prepared? shared;

    /// <summary>One preparation and one model from all the rows.</summary>
    /// <param name="stage">What progress says of it.</param>
    /// <param name="first">
    /// A fit on fewer rows, or null: a learner that found its number of rounds by stopping early takes the number over, a tenth
    /// more, and keeps no rows back.
    /// </param>
    public PlanFit FitOnce(string stage, PlanFit? first = null)
    {
        var told = learner is IRoundsLearner { StopsEarly: true } stopped && first?.Node is Pipeline pipeline
            ? stopped.WithRounds(Whole(1.1 * stopped.RoundsOf(pipeline.Model))) : learner;
        return new(FitPipeline(told, Prepare(rows), rows, Staged(context, stage)), null);
    }

    /// <summary>
    /// A model a fold, each of which predicts the rows it did not learn from; together they are the mean of all. If the context
    /// asks to finish, the folds that are done are kept.
    /// </summary>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">Decides the division.</param>
    /// <param name="twice">Also foresee every row under a second division, whose models are not kept.</param>
    public PlanFit FitFolds(int folds, ulong seed, bool twice = false)
    {
        var pipelines = new List<Node>();
        var outOfFold = Divide(folds, seed, context, pipelines);
        Node node = pipelines.Count == 1 ? pipelines[0] : new Mean(pipelines);
        if (!twice || context.ShouldFinish) return new(node, outOfFold);
        var again = context.Child(folds);
        var second = Divide(folds, again.Seed, again, []);
        return new(node, second.Rows.Length == outOfFold.Rows.Length ? outOfFold.And(second, pipelines.Count) : outOfFold);
    }

    OutOfFold Divide(int folds, ulong seed, FitContext context, List<Node> pipelines)
    {
        Fold[] parts = [.. Splits.KFold(data.KeysOf(rows), folds, seed).Select(fold => new Fold(InTable(fold.Train), InTable(fold.Test)))];
        var prepared = new Prepared?[folds];
        Prepared PreparedOf(int fold) => prepared[fold] ??= Prepare(parts[fold].Train);
        var learners = LearnersOf(parts, PreparedOf, context);
        return CrossValidation.Run(data.Target, parts, (train, test, fold) =>
        {
            var pipeline = FitPipeline(learners[fold], PreparedOf(fold), train, Staged(context, $"fold {fold + 1} of {folds}").Child(fold));
            pipelines.Add(pipeline);
            return pipeline.Predict(data.Table.Take(test));
        }, context, data.Weights);
    }

    /// <summary>
    /// The learner of each fold. One that stops early would keep back rows of every fold; instead each fold takes the mean number
    /// of rounds at which the models of the other folds were best on the rows they left out. So no fold's rows say when to stop
    /// before they are scored.
    /// </summary>
    ISupervisedLearner[] LearnersOf(Fold[] parts, Func<int, Prepared> preparedOf, FitContext context)
    {
        if (learner is not IRoundsLearner { StopsEarly: true } stopped || parts.Length < 3) return [.. parts.Select(_ => learner)];
        var rounds = new double[parts.Length];
        for (int fold = 0; fold < parts.Length; fold++)
        {
            if (context.ShouldFinish) return [.. parts.Select(_ => learner)];
            var view = preparedOf(fold).Set.View(parts[fold].Train, parts[fold].Test);
            rounds[fold] = stopped.RoundsOf(learner.Fit(view, Staged(context, $"rounds, fold {fold + 1} of {parts.Length}").Child(fold)));
        }
        return [.. rounds.Select(own => stopped.WithRounds(Whole((rounds.Sum() - own) / (rounds.Length - 1))))];
    }

    static int Whole(double rounds) => Math.Max(1, (int)Math.Round(rounds));

    int[] InTable(int[] positions) => Array.ConvertAll(positions, position => rows[position]);

    static Pipeline FitPipeline(ISupervisedLearner fitted, Prepared prepared, int[] train, FitContext staged)
        => new(prepared.Preparation, fitted.Fit(prepared.Set.View(train), staged));

    Prepared Prepare(int[] train)
    {
        if (shared is not null) return shared;
        var fitted = plan.Fit(data.Table, data.Target, plan.ReadsTarget ? train : rows, context);
        var prepared = new Prepared(fitted.Preparation, new TrainingSet(fitted.TrainingFeatures, data.Target, data.Weights ?? default(ReadOnlyMemory<double>)));
        if (!plan.ReadsTarget) shared = prepared;
        return prepared;
    }

    static FitContext Staged(FitContext context, string stage) => context.Progress is { } progress ? context with { Progress = new StageProgress(stage, progress) } : context;

    sealed record Prepared(Preparation Preparation, TrainingSet Set);

    /// <summary>Says which fit of several a report is from.</summary>
    sealed class StageProgress(string stage, IProgress<FitProgress> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => progress.Report(value with { Stage = $"{stage}: {value.Stage}" });
    }
}
