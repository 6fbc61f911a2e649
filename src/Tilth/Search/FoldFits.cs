using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models;
using Tilth.Models.Nodes;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>
/// The models of one candidate, each of which leaves out another fold. A learner that stops early watches the fold that it leaves
/// out and so learns from all other rows; but the rounds that it keeps are the mean of what was best in the <em>other</em> folds, so
/// that no row is scored by a model that stopped where that row liked it best. A single fold of many rows says it for itself.
/// </summary>
internal sealed class FoldFits(SearchData search, PreparedSets prepared, Candidate first, int repeat, int number)
{
    /// <summary>With two folds, or one of fewer rows, a learner keeps rows of its own back to stop by.</summary>
    const int FewestWatched = 3, FewestRowsAlone = 1000;

    /// <summary>A model whose predictions need a larger factor is no model; single rows count at most its square.</summary>
    const double MostScale = 2;

    /// <summary>Tables of more values are learned by all threads together, fold after fold; smaller ones a thread a fold.</summary>
    const long MostValuesAtOnce = 4_000_000;

    readonly Fold[] folds = search.FoldsOf(repeat);
    readonly Fitted?[] fits = new Fitted?[search.Folds];
    Candidate candidate = first;

    public int Count => folds.Length;

    /// <summary>How many folds are fitted side by side.</summary>
    public int AtOnce(FitContext context)
        => (long)search.Rows.Length * search.Data.Schema.Features.Count() <= MostValuesAtOnce ? context.Workers.Threads : 1;

    bool Watches => folds.Length >= FewestWatched || (folds.Length == 1 && folds[0].Test.Length >= FewestRowsAlone);

    /// <summary>The learner, if its fit may be ended after any step; one that keeps back rows to stop by learns once more from all.</summary>
    public IStepsLearner? Steps => candidate.Learner is IRoundsLearner { StopsEarly: true } && !Watches ? null : candidate.Learner as IStepsLearner;

    /// <summary>Where the rows that a fold leaves out stand among the scored ones.</summary>
    public int[] PositionsOf(int fold) => Array.ConvertAll(folds[fold].Test, search.PositionOf);

    /// <summary>Fits the other folds with the settings that the first ended with.</summary>
    public void GoOnWith(Candidate shorter) => candidate = shorter;

    /// <summary>Fits some folds.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="preparing">What the features are prepared in, if they are not yet.</param>
    /// <param name="context">What the learner fits in.</param>
    public void Fit(int from, int to, FitContext preparing, FitContext context)
    {
        var sets = new (Preparation Preparation, TrainingSet Set)[to - from];
        for (int fold = from; fold < to; fold++) sets[fold - from] = prepared.Of(candidate, repeat, fold, folds[fold].Train, preparing);
        context.Workers.For(sets.Length, at =>
        {
            int fold = from + at;
            var own = ContextOf(fold, at == 0 ? context : context with { Progress = null });
            var (preparation, set) = sets[at];
            if (candidate.LogTarget) set = LogTarget.Of(set);
            fits[fold] = candidate.Learner is IRoundsLearner { StopsEarly: true } rounds && Watches
                ? new(preparation, set, rounds.FitRounds(set.View(folds[fold].Train, folds[fold].Test), own), null)
                : new(preparation, set, null, candidate.Learner.Fit(set.View(folds[fold].Train), own));
        });
    }

    /// <summary>What the first fold's model foresees; with the rounds that it likes best.</summary>
    public double[] FirstForeseen() => Foresee(0, ModelOf(0, fits[0]!.Rounds?.Best ?? 0, 1));

    /// <summary>The models of the first so many folds, and what they foresee of the rows they left out (scored rows x outputs).</summary>
    public (IReadOnlyList<Node> Models, double[] OutOfFold) Finish(int count, FitContext context)
    {
        var models = new Model[count];
        var foreseen = new double[count][];
        void Foretell(Func<int, double> scaleOf) => context.Workers.For(count, fold =>
        {
            models[fold] = ModelOf(fold, RoundsOf(fold, count), scaleOf(fold));
            foreseen[fold] = Foresee(fold, models[fold]);
        });
        Foretell(_ => 1);
        if (candidate.LogTarget && ScalesOf(foreseen) is var scales) Foretell(fold => scales[fold]);
        var outOfFold = new double[search.ScoredRows.Length * search.Outputs];
        for (int fold = 0; fold < count; fold++)
        {
            int[] positions = PositionsOf(fold);
            for (int i = 0; i < positions.Length; i++) foreseen[fold].AsSpan(i * search.Outputs, search.Outputs).CopyTo(outOfFold.AsSpan(positions[i] * search.Outputs));
        }
        return ([.. models.Select((model, fold) => new Pipeline(fits[fold]!.Preparation, model))], outOfFold);
    }

    /// <summary>
    /// By what the predictions of a fold are multiplied, as the mean of a logarithm says too little of the mean: the mean of target /
    /// prediction (Duan, 1983) over the rows that the other folds leave out, as with the rounds.
    /// </summary>
    double[] ScalesOf(double[][] foreseen)
    {
        double[] sums = [.. foreseen.Select((own, fold) => own.Select((p, i) => Math.Min(MostScale * MostScale, search.Data.Target.Values[folds[fold].Test[i]] / p)).Sum())];
        return [.. sums.Select((own, fold) =>
        {
            double rows = foreseen.Sum(other => other.Length) - (sums.Length > 1 ? foreseen[fold].Length : 0);
            return Math.Clamp((sums.Sum() - (sums.Length > 1 ? own : 0)) / rows, 1 / MostScale, MostScale);
        })];
    }

    Model ModelOf(int fold, int rounds, double scale)
    {
        var model = fits[fold]!.Model ?? fits[fold]!.Rounds!.ModelAfter(rounds);
        return candidate.LogTarget ? LogTarget.ModelOf(model, search.Data.Target, folds[fold].Train, scale) : model;
    }

    /// <summary>The mean of the other folds' best; a fold alone takes its own.</summary>
    int RoundsOf(int fold, int count)
    {
        if (fits[fold]!.Rounds is not { } own) return 0;
        double others = Enumerable.Range(0, count).Where(other => other != fold).Sum(other => (double)fits[other]!.Rounds!.Best);
        return count == 1 ? own.Best : Math.Max(1, (int)Math.Round(others / (count - 1)));
    }

    double[] Foresee(int fold, Model model)
    {
        var features = fits[fold]!.Set.Features.Take(folds[fold].Test);
        var foreseen = new double[features.RowCount * search.Outputs];
        model.Predict(features, 0, features.RowCount, foreseen);
        return foreseen;
    }

    FitContext ContextOf(int fold, FitContext context) => context.Child(number).Child(fold);

    sealed record Fitted(Preparation Preparation, TrainingSet Set, RoundsFit? Rounds, Model? Model);
}
