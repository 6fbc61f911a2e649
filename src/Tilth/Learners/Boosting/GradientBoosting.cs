using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Losses;
using Tilth.Learners.Trees;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Prepare;

namespace Tilth.Learners.Boosting;

/// <summary>
/// Gradient boosting of decision trees on histograms (Friedman, 2001; second order as in Chen and Guestrin, 2016; leaf-wise
/// growth and native categories as in LightGBM, Ke et al., 2017). Names and meanings of hyperparameters are LightGBM's; leaf
/// sizes count weight, so that weight 2 is the row twice. With early stopping and no validation rows, a tenth of the rows,
/// stratified, decides when to stop; up to 3,000 rows, five folds choose the number of rounds and all rows are learned from.
/// </summary>
public sealed record GradientBoosting : IRoundsLearner, IStepsLearner
{
    /// <summary>The loss of a regression target.</summary>
    public BoostingObjective Objective { get; init; }

    /// <summary>Most rounds; a round is a tree, or a tree a class.</summary>
    public int NEstimators { get; init; } = 1000;

    /// <summary>Each tree's step.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Most leaves of a tree.</summary>
    public int NumLeaves { get; init; } = 31;

    /// <summary>Most cuts from the root to a leaf; 0 for no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Cuts level by level instead of the best leaf first.</summary>
    public bool DepthWise { get; init; }

    /// <summary>Least weight in a leaf; never more than a twentieth of the rows' weight.</summary>
    public double MinDataInLeaf { get; init; } = 20;

    /// <summary>Least sum of second derivatives in a leaf.</summary>
    public double MinChildWeight { get; init; } = 1e-3;

    /// <summary>L1 penalty of leaf values.</summary>
    public double LambdaL1 { get; init; }

    /// <summary>L2 penalty of leaf values.</summary>
    public double LambdaL2 { get; init; } = 1;

    /// <summary>Least gain of a cut.</summary>
    public double MinGainToSplit { get; init; }

    /// <summary>Share of the rows that a round learns from.</summary>
    public double BaggingFraction { get; init; } = 0.8;

    /// <summary>Share of the features that a tree may use.</summary>
    public double FeatureFraction { get; init; } = 0.7;

    /// <summary>Share of the tree's features that a node may use.</summary>
    public double FeatureFractionByNode { get; init; } = 1;

    /// <summary>One random threshold a feature and node instead of the best.</summary>
    public bool ExtraTrees { get; init; }

    /// <summary>Stops after so many rounds without a better validation score; 0 never stops and keeps all rows for learning.</summary>
    public int EarlyStoppingRounds { get; init; } = 50;

    /// <summary>Categories of at most that many bins are cut one against the rest.</summary>
    public int MaxCatToOnehot { get; init; } = 4;

    /// <summary>Most categories on the smaller side of a cut.</summary>
    public int MaxCatThreshold { get; init; } = 32;

    /// <summary>Added to a category's hessian when categories are sorted.</summary>
    public double CatSmooth { get; init; } = 10;

    /// <summary>Extra L2 penalty of a cut by sets of categories.</summary>
    public double CatL2 { get; init; } = 10;

    /// <summary>Least weight by which a set of categories grows.</summary>
    public double MinDataPerGroup { get; init; } = 100;

    /// <summary>Where Huber's loss turns linear, in the target's unit.</summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>The quantile of the quantile loss.</summary>
    public double Quantile { get; init; } = 0.5;

    /// <summary>The variance power of the Tweedie loss.</summary>
    public double TweediePower { get; init; } = 1.5;

    /// <summary>+1 (never falls), -1 (never rises) or 0 by feature, numbered as in the map; empty for none. Not for categories.</summary>
    public IReadOnlyList<int> MonotoneConstraints { get; init; } = [];

    /// <summary>Sets of features that may meet on one path; others stand alone. Empty for no rule.</summary>
    public IReadOnlyList<IReadOnlyList<int>> InteractionConstraints { get; init; } = [];

    /// <summary>A loss of one's own, instead of the target's.</summary>
    public IBoostingLoss? CustomLoss { get; init; }

    /// <inheritdoc/>
    public PreparationNeeds Needs => new() { Numbers = NumberForm.Raw, Categories = CategoryForm.Codes, Text = TextForm.Dense, TargetStatisticsAbove = 50 };

    /// <summary>All hyperparameters that are numbers, flags or choices.</summary>
    public static IReadOnlyList<Parameter> Parameters => BoostingParameters.All;

    internal static LearnerEntry Entry { get; } = new("gradient_boosting", "Gradient boosting", new GradientBoosting(), BoostingParameters.All,
        new LearnerTraits { ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context) => Fit(data, context, start: null);

    /// <summary>Adds trees to a model that was boosted before, on the same or on new data with the same feature map.</summary>
    /// <exception cref="LearningException">Nothing can be learned, or the model is not of this kind of target.</exception>
    public TreeEnsemble Continue(TreeEnsemble start, TrainingSet data, FitContext context) => Fit(data, context, start);

    bool IRoundsLearner.StopsEarly => EarlyStoppingRounds > 0;

    double IRoundsLearner.RoundsOf(Model model) => (double)((TreeEnsemble)model).TreeCount / model.OutputCount;

    ISupervisedLearner IRoundsLearner.WithRounds(int rounds) => this with { EarlyStoppingRounds = 0, NEstimators = rounds };

    ISupervisedLearner IStepsLearner.EndingAt(FitProgress last) => this with { NEstimators = (int)last.Done };

    RoundsFit IRoundsLearner.FitRounds(TrainingSet data, FitContext context)
    {
        if (Entry.Check(this) is { Count: > 0 } problems) throw new LearningException(problems);
        TreeTarget.Check(data);
        using var run = new GradientBoostingRun(this, LossFor(data.Target), data, context, null);
        return run.FitRounds();
    }

    TreeEnsemble Fit(TrainingSet data, FitContext context, TreeEnsemble? start)
    {
        if (Entry.Check(this) is { Count: > 0 } problems) throw new LearningException(problems);
        context.ThrowIfCancelled();
        TreeTarget.Check(data);
        if (start is not null || !RoundChoice.Applies(EarlyStoppingRounds, data)) return Run(this, data, context, start);
        var (rounds, early) = RoundChoice.Of(data, context, (fold, own) => Run(this, fold, own, null), model => (double)model.TreeCount / model.OutputCount);
        return early ?? Run(this with { NEstimators = rounds, EarlyStoppingRounds = 0 }, data, context, null);
    }

    static TreeEnsemble Run(GradientBoosting learner, TrainingSet data, FitContext context, TreeEnsemble? start)
    {
        using var run = new GradientBoostingRun(learner, learner.LossFor(data.Target), data, context, start);
        return run.Fit();
    }

    internal GrowthRules Rules => new()
    {
        NumLeaves = NumLeaves, MaxDepth = MaxDepth, DepthWise = DepthWise, MinDataInLeaf = MinDataInLeaf, MinChildWeight = MinChildWeight,
        LambdaL1 = LambdaL1, LambdaL2 = LambdaL2, MinGain = MinGainToSplit, FeatureFraction = FeatureFraction,
        FeatureFractionByNode = FeatureFractionByNode, ExtraTrees = ExtraTrees, MaxCatToOnehot = MaxCatToOnehot, MaxCatThreshold = MaxCatThreshold,
        CatSmooth = CatSmooth, CatL2 = CatL2, MinDataPerGroup = MinDataPerGroup, Monotone = MonotoneConstraints, Interactions = InteractionConstraints,
    };

    IBoostingLoss LossFor(Target target) => CustomLoss ?? TargetLoss.Of(target, Objective, HuberDelta, Quantile, TweediePower);
}
