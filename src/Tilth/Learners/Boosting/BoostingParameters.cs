using Tilth.Learners.Losses;

namespace Tilth.Learners.Boosting;

/// <summary>The hyperparameters of gradient boosting: name, range, scale, help.</summary>
internal static class BoostingParameters
{
    public static IReadOnlyList<Parameter> All { get; } =
    [
        Parameter.Choice<GradientBoosting, BoostingObjective>("objective", l => l.Objective, (l, v) => l with { Objective = v }, "the loss of a regression target"),
        Integer("n_estimators", l => l.NEstimators, (l, v) => l with { NEstimators = v }, 1, 1_000_000, "most rounds of boosting"),
        Real("learning_rate", l => l.LearningRate, (l, v) => l with { LearningRate = v }, 1e-6, 1, "the step of each tree; smaller needs more rounds", (0.005, 0.2), ParameterScale.Log),
        Integer("num_leaves", l => l.NumLeaves, (l, v) => l with { NumLeaves = v }, 2, 65_536, "most leaves of a tree", (2, 200), ParameterScale.Log),
        Integer("max_depth", l => l.MaxDepth, (l, v) => l with { MaxDepth = v }, 0, 10_000, "most cuts from the root to a leaf; 0 for no limit"),
        Parameter.Flag<GradientBoosting>("depth_wise", l => l.DepthWise, (l, v) => l with { DepthWise = v }, "cut level by level instead of the best leaf first"),
        Real("min_data_in_leaf", l => l.MinDataInLeaf, (l, v) => l with { MinDataInLeaf = v }, 0, 1e12, "least weight of rows in a leaf", (1, 100), ParameterScale.Log),
        Real("min_child_weight", l => l.MinChildWeight, (l, v) => l with { MinChildWeight = v }, 0, 1e12, "least sum of second derivatives in a leaf"),
        Real("lambda_l1", l => l.LambdaL1, (l, v) => l with { LambdaL1 = v }, 0, 1e12, "L1 penalty of leaf values"),
        Real("lambda_l2", l => l.LambdaL2, (l, v) => l with { LambdaL2 = v }, 0, 1e12, "L2 penalty of leaf values", (0.01, 30), ParameterScale.Log),
        Real("min_gain_to_split", l => l.MinGainToSplit, (l, v) => l with { MinGainToSplit = v }, 0, 1e12, "least gain of a cut"),
        Real("bagging_fraction", l => l.BaggingFraction, (l, v) => l with { BaggingFraction = v }, 0.01, 1, "share of the rows that a round learns from", (0.6, 1)),
        Real("feature_fraction", l => l.FeatureFraction, (l, v) => l with { FeatureFraction = v }, 0.01, 1, "share of the features that a tree may use", (0.3, 1)),
        Real("feature_fraction_bynode", l => l.FeatureFractionByNode, (l, v) => l with { FeatureFractionByNode = v }, 0.01, 1, "share of the tree's features that a node may use"),
        Parameter.Flag<GradientBoosting>("extra_trees", l => l.ExtraTrees, (l, v) => l with { ExtraTrees = v }, "one random threshold a feature and node", search: true),
        Integer("early_stopping_rounds", l => l.EarlyStoppingRounds, (l, v) => l with { EarlyStoppingRounds = v }, 0, 1_000_000, "rounds without a better validation score before it stops; 0 for never"),
        Integer("max_cat_to_onehot", l => l.MaxCatToOnehot, (l, v) => l with { MaxCatToOnehot = v }, 1, 256, "categories of at most that many levels are cut one against the rest", (2, 100), ParameterScale.Log),
        Integer("max_cat_threshold", l => l.MaxCatThreshold, (l, v) => l with { MaxCatThreshold = v }, 1, 256, "most categories on the smaller side of a cut"),
        Real("cat_smooth", l => l.CatSmooth, (l, v) => l with { CatSmooth = v }, 0, 1e9, "added to a category's hessian when categories are sorted", (0.01, 100), ParameterScale.Log),
        Real("cat_l2", l => l.CatL2, (l, v) => l with { CatL2 = v }, 0, 1e9, "extra L2 penalty of a cut by sets of categories", (0.01, 30), ParameterScale.Log),
        Real("min_data_per_group", l => l.MinDataPerGroup, (l, v) => l with { MinDataPerGroup = v }, 0, 1e9, "least weight by which a set of categories grows", (2, 100), ParameterScale.Log),
        Real("huber_delta", l => l.HuberDelta, (l, v) => l with { HuberDelta = v }, 1e-9, 1e12, "where Huber's loss turns linear, in the target's unit"),
        Real("quantile", l => l.Quantile, (l, v) => l with { Quantile = v }, 1e-6, 1 - 1e-6, "the quantile of the quantile loss"),
        Real("tweedie_power", l => l.TweediePower, (l, v) => l with { TweediePower = v }, 1.01, 1.99, "the variance power of the Tweedie loss"),
    ];

    static Parameter Integer(string name, Func<GradientBoosting, int> get, Func<GradientBoosting, int, GradientBoosting> set, int min, int max, string help,
        (double, double)? search = null, ParameterScale scale = ParameterScale.Linear) => Parameter.Integer(name, get, set, min, max, help, search, scale);

    static Parameter Real(string name, Func<GradientBoosting, double> get, Func<GradientBoosting, double, GradientBoosting> set, double min, double max, string help,
        (double, double)? search = null, ParameterScale scale = ParameterScale.Linear) => Parameter.Real(name, get, set, min, max, help, search, scale);
}
