using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Trees;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Additive;

/// <summary>
/// Explainable boosting: a sum of one curve a feature and a few heat maps of two, learned by cyclic boosting of tiny trees
/// (Lou, Caruana and Gehrke, 2012; pairs by FAST, Lou et al., 2013; names as in InterpretML, Nori et al., 2019). Differs from
/// InterpretML in that all bags stop at the same round, the one where their left-out rows together are foreseen best; in that
/// a feature's trees have two leaves and no smoothing rounds; and in that bands are standard errors (delete-d jackknife).
/// </summary>
public sealed record AdditiveBoosting : IStepsLearner
{
    const double PairsPerFeature = 0.9;
    const int MostPairsUnasked = 10;

    /// <summary>Models that are averaged; each leaves other rows out, to stop by and to see how firm the curves are.</summary>
    public int OuterBags { get; init; } = 8;

    /// <summary>The step of each tree.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Most rounds over the features.</summary>
    public int MaxRounds { get; init; } = 5000;

    /// <summary>Most rounds over the pairs; -1 for as many as over the features, 0 for no pairs.</summary>
    public int MaxPairRounds { get; init; } = -1;

    /// <summary>Most leaves of a feature's tree, missing values not counted; a pair's tree has up to 4.</summary>
    public int MaxLeaves { get; init; } = 2;

    /// <summary>Least weight of rows in a leaf.</summary>
    public double MinSamplesLeaf { get; init; } = 4;

    /// <summary>L2 penalty of leaf values.</summary>
    public double LambdaL2 { get; init; } = 1;

    /// <summary>Added to a category's hessian when categories are sorted.</summary>
    public double CatSmooth { get; init; } = 10;

    /// <summary>Pairs of features; -1 takes 0.9 times the number of features, at most 10. Several classes have none.</summary>
    public int Interactions { get; init; } = -1;

    /// <summary>Most bins of each feature of a pair.</summary>
    public int MaxInteractionBins { get; init; } = 16;

    /// <summary>Stops after so many rounds without a better score on the left-out rows; 0 never stops: then one bag learns from all rows.</summary>
    public int EarlyStoppingRounds { get; init; } = 50;

    /// <summary>Share of the rows that each bag leaves out.</summary>
    public double ValidationSize { get; init; } = 0.15;

    /// <summary>+1 (never falls), -1 (never rises) or 0 by feature, numbered as in the map; empty for none. Such a feature is in no pair; not for categories.</summary>
    public IReadOnlyList<int> MonotoneConstraints { get; init; } = [];

    /// <inheritdoc/>
    public PreparationNeeds Needs => new() { Numbers = NumberForm.Raw, Categories = CategoryForm.Codes, Text = TextForm.Dense };

    internal static LearnerEntry Entry { get; } = new("additive_boosting", "Additive boosting (EBM)", new AdditiveBoosting(),
    [
        Parameter.Integer<AdditiveBoosting>("outer_bags", l => l.OuterBags, (l, v) => l with { OuterBags = v }, 1, 1000, "models that are averaged; more make smoother curves and firmer bands"),
        Parameter.Real<AdditiveBoosting>("learning_rate", l => l.LearningRate, (l, v) => l with { LearningRate = v }, 1e-6, 1, "the step of each tree; smaller needs more rounds", (0.005, 0.1), ParameterScale.Log),
        Parameter.Integer<AdditiveBoosting>("max_rounds", l => l.MaxRounds, (l, v) => l with { MaxRounds = v }, 1, 1_000_000, "most rounds over the features"),
        Parameter.Integer<AdditiveBoosting>("max_pair_rounds", l => l.MaxPairRounds, (l, v) => l with { MaxPairRounds = v }, -1, 1_000_000, "most rounds over the pairs; -1 for as many as over the features"),
        Parameter.Integer<AdditiveBoosting>("max_leaves", l => l.MaxLeaves, (l, v) => l with { MaxLeaves = v }, 2, LineTerm.MostLeaves, "most leaves of a feature's tree", (2, 5)),
        Parameter.Real<AdditiveBoosting>("min_samples_leaf", l => l.MinSamplesLeaf, (l, v) => l with { MinSamplesLeaf = v }, 0, 1e12, "least weight of rows in a leaf", (2, 50), ParameterScale.Log),
        Parameter.Real<AdditiveBoosting>("lambda_l2", l => l.LambdaL2, (l, v) => l with { LambdaL2 = v }, 0, 1e12, "L2 penalty of leaf values", (0.001, 10), ParameterScale.Log),
        Parameter.Real<AdditiveBoosting>("cat_smooth", l => l.CatSmooth, (l, v) => l with { CatSmooth = v }, 0, 1e9, "added to a category's hessian when categories are sorted", (0.01, 100), ParameterScale.Log),
        Parameter.Integer<AdditiveBoosting>("interactions", l => l.Interactions, (l, v) => l with { Interactions = v }, -1, 100_000, "pairs of features; -1 takes 0.9 times the number of features, at most 10", (0, 30)),
        Parameter.Integer<AdditiveBoosting>("max_interaction_bins", l => l.MaxInteractionBins, (l, v) => l with { MaxInteractionBins = v }, 2, PairAxis.MostGroups, "most bins of each feature of a pair"),
        Parameter.Integer<AdditiveBoosting>("early_stopping_rounds", l => l.EarlyStoppingRounds, (l, v) => l with { EarlyStoppingRounds = v }, 0, 1_000_000, "rounds without a better score on left-out rows before it stops; 0 for never"),
        Parameter.Real<AdditiveBoosting>("validation_size", l => l.ValidationSize, (l, v) => l with { ValidationSize = v }, 0.01, 0.9, "share of the rows that each bag leaves out"),
    ], new LearnerTraits { ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        if (Entry.Check(this) is { Count: > 0 } problems) throw new LearningException(problems);
        context.ThrowIfCancelled();
        TreeTarget.Check(data);
        CheckMonotone(data.Features.Map);
        return new AdditiveRun(this, AdditiveLoss.For(data.Target), data, context).Fit();
    }

    ISupervisedLearner IStepsLearner.EndingAt(FitProgress last)
        => last.Stage == AdditiveRun.Pairs ? this with { MaxPairRounds = (int)last.Done } : this with { MaxRounds = (int)last.Done, MaxPairRounds = 0 };

    internal CutRules Rules => new(LearningRate, MaxLeaves, MinSamplesLeaf, LambdaL2, CatSmooth);

    /// <summary>The number of pairs to look for among so many features.</summary>
    internal int PairsAmong(int features)
        => MaxPairRounds == 0 ? 0 : (int)Math.Min(Interactions < 0 ? Math.Min(MostPairsUnasked, (int)(PairsPerFeature * features)) : Interactions, features * (features - 1L) / 2);

    /// <summary>+1, -1 or 0 for a feature.</summary>
    internal int DirectionOf(int feature) => feature < MonotoneConstraints.Count ? Math.Sign(MonotoneConstraints[feature]) : 0;

    void CheckMonotone(FeatureMap map)
    {
        if (MonotoneConstraints.Count == 0) return;
        if (MonotoneConstraints.Count != map.Count)
            throw new LearningException("monotone-count", $"there are {MonotoneConstraints.Count} monotone constraints for {map.Count} features; give one a feature");
        for (int f = map.CategoryStart; f < map.SparseStart; f++)
            if (MonotoneConstraints[f] != 0) throw new LearningException("monotone-category", $"the feature '{map.NameOf(f)}' is a category; only numbers can rise or fall");
    }
}
