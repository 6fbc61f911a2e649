using Tilth.Data;
using Tilth.Learners;

namespace Tilth.Search;

/// <summary>
/// The candidates that every search begins with, in a fixed order: cheap and safe ones first, so that there is soon something to
/// keep, then members that differ much from each other (few and diverse, as in the portfolios of TabRepo, Salinas and Erickson
/// 2024). Pairs of numbers stand early: they are the largest gain that was measured. Learners that the catalogue does not have, or
/// that cannot learn the target, are passed over.
/// </summary>
internal static class Portfolio
{
    /// <summary>From this many rows on, learners that compare every row with every other are left out.</summary>
    const int MostNeighborRows = 20_000;

    /// <summary>From this many rows on boosting comes first: it is better there, and good also if the time cuts it short.</summary>
    const int ManyRows = 5000;

    /// <summary>With more classes linear models see scores of texts, not their terms.</summary>
    const int MostClassesOfTerms = 5;

    /// <summary>Sums, differences, products and ratios of numbers.</summary>
    static readonly (string, string) Pairs = ("arithmetic", "20");

    /// <summary>The part of the time that the first model of a large table should take.</summary>
    const double FirstShare = 0.4;

    /// <summary>Where boosting would take a larger part of the time, a few long steps of it come before: they are much better than none.</summary>
    const double SlowShare = 0.05;

    /// <summary>With more columns of numbers, learners ask for no pairs of them.</summary>
    const int MostPairedColumns = 200;

    /// <summary>From this many columns on some may well be noise.</summary>
    const int ManyColumns = 30;

    static readonly (string, string) Relevant = ("relevant_only", "true");

    /// <summary>The candidates for a table.</summary>
    /// <param name="data">The table.</param>
    /// <param name="rows">To search with.</param>
    /// <param name="folds">Models a candidate.</param>
    /// <param name="coreSeconds">For the whole search: its time by the threads; null without a limit.</param>
    public static IReadOnlyList<Candidate> For(TrainingTable data, int rows, int folds = 5, double? coreSeconds = null)
    {
        bool manyLevels = data.Schema.Features.Any(column => column.Kind == ColumnKind.Category && column.Levels.Count > 10);
        bool pairs = data.Schema.Features.Count(column => column.Kind == ColumnKind.Number) is >= 2 and <= MostPairedColumns;
        bool wide = data.Schema.Features.Count() >= ManyColumns;
        bool skewed = LogTarget.Suits(data.Target), near = rows <= MostNeighborRows;
        (string, string)[] log = skewed ? [("log_target", "true")] : [];
        (string, string)[]? network = NetworkSize.For(data, rows, folds, coreSeconds);
        Candidate? statistics = manyLevels ? Of("gradient_boosting", 10, ("cat_smooth", "1"), ("cat_l2", "1"), ("min_data_per_group", "20"), ("feature_fraction", "0.55")) : null;
        // Where it suits, the logarithm gains more than anything else that is tried.
        Candidate? logBoosting = skewed ? Of("gradient_boosting", ("feature_fraction", "0.6"), ("log_target", "true")) : null;
        Candidate? logOblivious = skewed ? Of("oblivious_boosting", pairs ? [("log_target", "true"), Pairs] : [("log_target", "true")]) : null;
        // Preparing texts takes longest by far: what comes first should make the most of them.
        bool texts = data.Schema.Features.Any(column => column.Kind == ColumnKind.Text);
        // Terms times classes: a linear model of the terms would take most of the time.
        bool scores = texts && data.Target.Schema.OutputCount > MostClassesOfTerms;
        Candidate? linear = scores ? Of("linear", ("text_scores", "true")) : Of("linear");
        // Tuning a linear model of several classes can take seconds; something to keep should come sooner.
        Candidate? forest = Of("extra_trees", ("n_estimators", "200"), ("min_samples_leaf", "2"));
        // The best single model of many small tables, unlike trees in its errors, and cheap.
        Candidate? kernel = near ? Of("kernel_ridge") : null;
        Candidate?[] few =
        [
            texts ? Of("gradient_boosting", ("learning_rate", "0.1")) : null,
            .. data.Target.Task == TaskKind.Multiclass ? (Candidate?[])[forest, kernel, linear] : [linear, forest, kernel],
            logBoosting, logOblivious,
            wide ? Of("oblivious_boosting", [Pairs, Relevant, .. log]) : null,
            wide ? Of("gradient_boosting", [("feature_fraction", "0.4"), Pairs, Relevant, .. log]) : null,
            pairs ? Of("oblivious_boosting", Pairs) : null,
            pairs ? Of("gradient_boosting", ("feature_fraction", "0.4"), Pairs) : null,
            Of("oblivious_boosting"),
            Of("gradient_boosting", ("extra_trees", "true"), ("num_leaves", "39"), ("feature_fraction", "0.46"), ("min_data_in_leaf", "10")),
            Of("gradient_boosting"),
            Of("gradient_boosting", ("num_leaves", "8"), ("feature_fraction", "0.5"), ("learning_rate", "0.08")),
            Of("random_forest", ("n_estimators", "200"), ("max_features", "0.4"), ("min_samples_leaf", "2")),
            Of("k_nearest_neighbors", ("weights", "distance")),
        ];
        Candidate?[] many =
        [
            IsSlow(data, rows, folds, coreSeconds) ? Of("gradient_boosting", ("learning_rate", "0.3"), ("n_estimators", "20")) : null,
            Of("gradient_boosting", ("learning_rate", FirstRate(data, rows, coreSeconds))),
            logBoosting, logOblivious,
            wide ? Of("gradient_boosting", [("feature_fraction", "0.4"), Pairs, Relevant, .. log]) : null,
            pairs ? Of("gradient_boosting", ("feature_fraction", "0.4"), Pairs) : null,
            Of("gradient_boosting", ("learning_rate", "0.03"), ("n_estimators", "3000"), ("num_leaves", "20"), ("feature_fraction", "0.5")),
            Of("oblivious_boosting", pairs ? [("learning_rate", "0.08"), ("n_estimators", "1500"), Pairs] : [("learning_rate", "0.08"), ("n_estimators", "1500")]),
            wide ? Of("oblivious_boosting", [("learning_rate", "0.08"), ("n_estimators", "1500"), Pairs, Relevant, .. log]) : null,
            Network(network),
            Of("gradient_boosting", ("extra_trees", "true"), ("num_leaves", "39"), ("feature_fraction", "0.46"), ("min_data_in_leaf", "10")),
            near ? Of("k_nearest_neighbors", ("weights", "distance")) : null,
            kernel,
            scores ? linear : Of("linear", ("cv", "3"), ("tol", "0.001"), ("max_iter", "20")),
            Of("extra_trees", ("n_estimators", "100"), ("min_samples_leaf", "4")),
        ];
        IEnumerable<Candidate?> candidates =
        [
            .. rows >= ManyRows ? many : few,
            skewed ? Of("gradient_boosting", ("objective", "gamma")) : null,
            skewed ? Of("linear", ("log_target", "true")) : null,
            skewed ? Of("extra_trees", ("n_estimators", "200"), ("min_samples_leaf", "2"), ("log_target", "true")) : null,
            statistics,
            Network(network, log),
            wide ? Network(network, [Relevant, .. log]) : null,
            wide ? Of("extra_trees", ("n_estimators", "200"), ("min_samples_leaf", "2"), Relevant) : null,
            Of("gradient_boosting", ("num_leaves", "96"), ("min_data_in_leaf", "4"), ("feature_fraction", "0.5"), ("lambda_l2", "3")),
            pairs ? Of("gradient_boosting", ("learning_rate", "0.02"), ("n_estimators", "3000"), ("num_leaves", "16"), ("feature_fraction", "0.4"), Pairs) : null,
            pairs ? Of("extra_trees", ("n_estimators", "200"), ("min_samples_leaf", "2"), Pairs) : null,
            near && skewed ? Of("kernel_ridge", ("log_target", "true")) : null,
            near && pairs ? Of("kernel_ridge", Pairs) : null,
            Of("gradient_boosting", ("learning_rate", "0.02"), ("n_estimators", "3000"), ("num_leaves", "16"), ("feature_fraction", "0.5")),
            Of("additive_boosting", ("outer_bags", "2")),
            scores ? null : Of("linear", ("l1_ratio", "1")),
            Of("oblivious_boosting", ("depth", "4"), ("learning_rate", "0.08")),
            Of("random_forest", ("n_estimators", "100"), ("max_features", "0.4"), ("min_samples_leaf", "3")),
            Of("extra_trees", ("n_estimators", "100"), ("max_features", "0.75")),
            Of("gradient_boosting", ("num_leaves", "3"), ("learning_rate", "0.1"), ("feature_fraction", "0.7")),
            Network(network, ("n_layers", "3"), ("dropout", "0.25"), ("learning_rate", "0.004")),
        ];
        return [.. candidates.OfType<Candidate>().Where(candidate => candidate.Entry.Traits.Tasks.Contains(data.Target.Task)).DistinctBy(candidate => candidate.Key)];
    }

    /// <summary>The first model must be good within a part of the time: where that pays for few rounds, each takes a longer step.</summary>
    static string FirstRate(TrainingTable data, int rows, double? coreSeconds)
    {
        double fits = coreSeconds is { } seconds ? CoreSecondsOfFit(data, rows) / (FirstShare * seconds) : 0;
        return fits > 2 ? "0.3" : fits > 1 ? "0.2" : "0.1";
    }

    static bool IsSlow(TrainingTable data, int rows, int folds, double? coreSeconds) => folds * CoreSecondsOfFit(data, rows) > SlowShare * coreSeconds;

    static double CoreSecondsOfFit(TrainingTable data, int rows) => 2 * FoldChoice.SecondsPerValue * FoldChoice.ValuesOf(data, rows);

    static Candidate? Network((string, string)[]? size, params (string, string)[] settings) => size is null ? null : Of("neural_network", [.. size, .. settings]);

    static Candidate? Of(string learner, params (string, string)[] settings) => Of(learner, null, settings);

    static Candidate? Of(string learner, int? statisticsAbove, params (string, string)[] settings)
        => LearnerCatalog.All.Any(entry => entry.Name == learner) ? Candidate.Parse(learner, settings, statisticsAbove) : null;
}
