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
    (FittedPreparation Preparation, TrainingSet Set)? shared;

    /// <summary>One preparation and one model from all the rows.</summary>
    /// <param name="stage">What progress says of it.</param>
    /// <param name="first">
    /// A fit on fewer rows, or null: a learner that found its number of rounds by stopping early takes the number over and keeps
    /// no rows back.
    /// </param>
    public PlanFit FitOnce(string stage, PlanFit? first = null)
    {
        var told = learner is IRoundsLearner stopped && first?.Node is Pipeline pipeline ? stopped.WithRoundsOf(pipeline.Model, growth: 1.1) : learner;
        return new(FitPipeline(told, rows, Staged(stage)), null);
    }

    /// <summary>
    /// A model a fold, each of which predicts the rows it did not learn from; together they are the mean of all. If the context
    /// asks to finish, the folds that are done are kept.
    /// </summary>
    public PlanFit FitFolds(int folds, ulong seed)
    {
        var pipelines = new List<Node>();
        Fold[] parts = [.. Splits.KFold(data.KeysOf(rows), folds, seed).Select(fold => new Fold(InTable(fold.Train), InTable(fold.Test)))];
        var outOfFold = CrossValidation.Run(data.Target, parts, (train, test, fold) =>
        {
            var pipeline = FitPipeline(learner, train, Staged($"fold {fold + 1} of {folds}").Child(fold));
            pipelines.Add(pipeline);
            return pipeline.Predict(data.Table.Take(test));
        }, context, data.Weights);
        return new(pipelines.Count == 1 ? pipelines[0] : new Mean(pipelines), outOfFold);
    }

    int[] InTable(int[] positions) => Array.ConvertAll(positions, position => rows[position]);

    Pipeline FitPipeline(ISupervisedLearner fitted, int[] train, FitContext staged)
    {
        var (preparation, set) = shared ?? Prepare(train, staged);
        return new Pipeline(preparation.Preparation, fitted.Fit(set.View(train), staged));
    }

    (FittedPreparation, TrainingSet) Prepare(int[] train, FitContext staged)
    {
        var preparation = plan.Fit(data.Table, data.Target, plan.ReadsTarget ? train : rows, staged);
        var set = new TrainingSet(preparation.TrainingFeatures, data.Target, data.Weights ?? default(ReadOnlyMemory<double>));
        if (!plan.ReadsTarget) shared = (preparation, set);
        return (preparation, set);
    }

    FitContext Staged(string stage) => context.Progress is { } progress ? context with { Progress = new StageProgress(stage, progress) } : context;

    /// <summary>Says which fit of several a report is from.</summary>
    sealed class StageProgress(string stage, IProgress<FitProgress> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => progress.Report(value with { Stage = $"{stage}: {value.Stage}" });
    }
}
