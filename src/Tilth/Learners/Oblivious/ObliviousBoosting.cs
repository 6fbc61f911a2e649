using Tilth.Fitting;
using Tilth.Learners.Losses;
using Tilth.Learners.Trees;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Prepare;

namespace Tilth.Learners.Oblivious;

/// <summary>
/// Gradient boosting of symmetric trees with ordered target statistics of categories and of pairs of categories (CatBoost:
/// Prokhorenkova et al., 2018; Dorogush et al., 2018). Names and meanings of hyperparameters are CatBoost's where it has them.
/// We differ in that the trees of all random orders share one score a row ("plain" boosting), that pairs are chosen before the
/// first tree, and that the means' prior is the target's mean. Rounds are found as <c>GradientBoosting</c> finds them.
/// </summary>
public sealed record ObliviousBoosting : IRoundsLearner, IStepsLearner
{
    /// <summary>The loss of a regression target.</summary>
    public BoostingObjective Objective { get; init; }

    /// <summary>Most rounds; a round is a tree, or a tree a class.</summary>
    public int NEstimators { get; init; } = 1000;

    /// <summary>Each tree's step.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Questions from the root to a leaf.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>L2 penalty of leaf values.</summary>
    public double L2LeafReg { get; init; } = 3;

    /// <summary>Noise on the scores by which questions are chosen.</summary>
    public double RandomStrength { get; init; } = 1;

    /// <summary>Least weight in a leaf; never more than a twentieth of the rows' weight.</summary>
    public double MinDataInLeaf { get; init; } = 1;

    /// <summary>Share of the rows that a round learns from.</summary>
    public double BaggingFraction { get; init; } = 0.8;

    /// <summary>Share of the features that a level may ask for.</summary>
    public double FeatureFraction { get; init; } = 1;

    /// <summary>Categories of at most that many levels are asked for level by level; larger ones by their statistics.</summary>
    public int OneHotMaxSize { get; init; } = 10;

    /// <summary>1: single categories only; 2: pairs too.</summary>
    public int MaxCtrComplexity { get; init; } = 2;

    /// <summary>Most pairs of categories.</summary>
    public int MaxCategoryPairs { get; init; } = 30;

    /// <summary>Cuts of a statistic.</summary>
    public int CtrBorderCount { get; init; } = 32;

    /// <summary>Random orders of the rows; a round draws one.</summary>
    public int PermutationCount { get; init; } = 4;

    /// <summary>Stops after so many rounds without a better validation score; 0 never stops and keeps all rows for learning.</summary>
    public int EarlyStoppingRounds { get; init; } = 50;

    /// <summary>How many rows the prior counts in a statistic; each strength is a column.</summary>
    internal double[] Strengths { get; init; } = [1, 10];

    /// <summary>Columns of statistics for pairs, whatever the number of classes.</summary>
    internal int MostStatistics => 300;

    /// <inheritdoc/>
    public PreparationNeeds Needs => new() { Numbers = NumberForm.Raw, Categories = CategoryForm.Codes, Text = TextForm.Dense };

    /// <summary>All hyperparameters.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Choice<ObliviousBoosting, BoostingObjective>("objective", l => l.Objective, (l, v) => l with { Objective = v }, "the loss of a regression target"),
        Integer("n_estimators", l => l.NEstimators, (l, v) => l with { NEstimators = v }, 1, 1_000_000, "most rounds of boosting"),
        Real("learning_rate", l => l.LearningRate, (l, v) => l with { LearningRate = v }, 1e-6, 1, "the step of each tree; smaller needs more rounds", (0.005, 0.2), ParameterScale.Log),
        Integer("depth", l => l.Depth, (l, v) => l with { Depth = v }, 1, 10, "questions from the root to a leaf", (4, 8)),
        Real("l2_leaf_reg", l => l.L2LeafReg, (l, v) => l with { L2LeafReg = v }, 0, 1e12, "L2 penalty of leaf values", (0.1, 10), ParameterScale.Log),
        Real("random_strength", l => l.RandomStrength, (l, v) => l with { RandomStrength = v }, 0, 1e6, "noise on the scores by which questions are chosen", (0, 2)),
        Real("min_data_in_leaf", l => l.MinDataInLeaf, (l, v) => l with { MinDataInLeaf = v }, 0, 1e12, "least weight of rows in a leaf", (1, 50), ParameterScale.Log),
        Real("bagging_fraction", l => l.BaggingFraction, (l, v) => l with { BaggingFraction = v }, 0.01, 1, "share of the rows that a round learns from", (0.6, 1)),
        Real("feature_fraction", l => l.FeatureFraction, (l, v) => l with { FeatureFraction = v }, 0.01, 1, "share of the features that a level may ask for", (0.3, 1)),
        Integer("one_hot_max_size", l => l.OneHotMaxSize, (l, v) => l with { OneHotMaxSize = v }, 1, 256, "categories of at most that many levels are asked for level by level", (2, 30), ParameterScale.Log),
        Integer("max_ctr_complexity", l => l.MaxCtrComplexity, (l, v) => l with { MaxCtrComplexity = v }, 1, 2, "1 for statistics of single categories, 2 for pairs too"),
        Integer("max_category_pairs", l => l.MaxCategoryPairs, (l, v) => l with { MaxCategoryPairs = v }, 0, 10_000, "most pairs of categories that get statistics"),
        Integer("ctr_border_count", l => l.CtrBorderCount, (l, v) => l with { CtrBorderCount = v }, 1, 254, "cuts of a statistic of the target"),
        Integer("permutation_count", l => l.PermutationCount, (l, v) => l with { PermutationCount = v }, 1, 64, "random orders of the rows for statistics of the target"),
        Integer("early_stopping_rounds", l => l.EarlyStoppingRounds, (l, v) => l with { EarlyStoppingRounds = v }, 0, 1_000_000, "rounds without a better validation score before it stops; 0 for never"),
    ];

    internal static LearnerEntry Entry { get; } = new("oblivious_boosting", "Oblivious boosting", new ObliviousBoosting(), Parameters,
        new LearnerTraits { ExactAttributions = true });

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        if (Entry.Check(this) is { Count: > 0 } problems) throw new LearningException(problems);
        context.ThrowIfCancelled();
        TreeTarget.Check(data);
        if (!RoundChoice.Applies(EarlyStoppingRounds, data)) return Run(this, data, context);
        var (rounds, early) = RoundChoice.Of(data, context, (fold, own) => Run(this, fold, own), RoundsOf);
        return early ?? Run(this with { NEstimators = rounds, EarlyStoppingRounds = 0 }, data, context);
    }

    bool IRoundsLearner.StopsEarly => EarlyStoppingRounds > 0;

    double IRoundsLearner.RoundsOf(Model model) => RoundsOf(model);

    ISupervisedLearner IRoundsLearner.WithRounds(int rounds) => this with { EarlyStoppingRounds = 0, NEstimators = rounds };

    ISupervisedLearner IStepsLearner.EndingAt(FitProgress last) => this with { NEstimators = (int)last.Done };

    RoundsFit IRoundsLearner.FitRounds(TrainingSet data, FitContext context)
    {
        if (Entry.Check(this) is { Count: > 0 } problems) throw new LearningException(problems);
        TreeTarget.Check(data);
        using var run = new ObliviousRun(this, data, context);
        return run.FitRounds();
    }

    static double RoundsOf(Model model) => (double)(model as TreeEnsemble ?? ((StatisticsEnsemble)model).Trees).TreeCount / model.OutputCount;

    static Model Run(ObliviousBoosting learner, TrainingSet data, FitContext context)
    {
        using var run = new ObliviousRun(learner, data, context);
        return run.Fit();
    }

    internal GrowthRules Rules => new()
    {
        MaxDepth = Depth, LambdaL2 = L2LeafReg, MinDataInLeaf = MinDataInLeaf, FeatureFraction = FeatureFraction,
    };

    static Parameter Integer(string name, Func<ObliviousBoosting, int> get, Func<ObliviousBoosting, int, ObliviousBoosting> set, int min, int max, string help,
        (double, double)? search = null, ParameterScale scale = ParameterScale.Linear) => Parameter.Integer(name, get, set, min, max, help, search, scale);

    static Parameter Real(string name, Func<ObliviousBoosting, double> get, Func<ObliviousBoosting, double, ObliviousBoosting> set, double min, double max, string help,
        (double, double)? search = null, ParameterScale scale = ParameterScale.Linear) => Parameter.Real(name, get, set, min, max, help, search, scale);
}
