using Tilth.Data;
using Tilth.Learners;

namespace Tilth.Search;

/// <summary>
/// The candidates that every search begins with, in a fixed order: cheap and safe ones first, so that there is soon something to
/// keep, then members that differ much from each other (few and diverse, as in the portfolios of TabRepo, Salinas and Erickson
/// 2024). Learners that the catalogue does not have, or that cannot learn the target, are passed over.
/// </summary>
internal static class Portfolio
{
    /// <summary>From this many rows on, learners that compare every row with every other are left out.</summary>
    const int MostNeighborRows = 20_000;

    /// <summary>From this many rows on boosting comes first: it is better there, and good also if the time cuts it short.</summary>
    const int ManyRows = 5000;

    /// <summary>The candidates for a table.</summary>
    public static IReadOnlyList<Candidate> For(TrainingTable data, int rows)
    {
        bool manyLevels = data.Schema.Features.Any(column => column.Kind == ColumnKind.Category && column.Levels.Count > 10);
        bool skewed = data.Target.Task == TaskKind.Regression && IsSkewedAmount(data.Target.Values);
        bool many = rows >= ManyRows;
        IEnumerable<Candidate?> candidates =
        [
            many ? Of("gradient_boosting", ("learning_rate", "0.1")) : null,
            Of("linear"),
            Of("extra_trees", ("n_estimators", "200"), ("min_samples_leaf", "2")),
            Of("gradient_boosting"),
            Of("oblivious_boosting"),
            Of("gradient_boosting", ("extra_trees", "true"), ("num_leaves", "39"), ("feature_fraction", "0.46"), ("min_data_in_leaf", "10")),
            skewed ? Of("gradient_boosting", ("objective", "gamma")) : null,
            Of("neural_network"),
            manyLevels ? Of("gradient_boosting", 10, ("cat_smooth", "1"), ("cat_l2", "1"), ("min_data_per_group", "20"), ("feature_fraction", "0.55")) : null,
            Of("random_forest", ("n_estimators", "200"), ("max_features", "0.4"), ("min_samples_leaf", "2")),
            Of("gradient_boosting", ("num_leaves", "8"), ("feature_fraction", "0.5"), ("learning_rate", "0.08")),
            Of("additive_boosting", ("outer_bags", "2")),
            rows <= MostNeighborRows ? Of("random_features", ("n_components", "500")) : null,
            rows <= MostNeighborRows ? Of("k_nearest_neighbors", ("weights", "distance")) : null,
            Of("gradient_boosting", ("num_leaves", "96"), ("min_data_in_leaf", "4"), ("feature_fraction", "0.5"), ("lambda_l2", "3")),
            Of("linear", ("l1_ratio", "1")),
            Of("extra_trees", ("n_estimators", "200"), ("max_features", "0.75")),
            Of("gradient_boosting", ("num_leaves", "3"), ("learning_rate", "0.1"), ("feature_fraction", "0.7")),
            Of("neural_network", ("n_layers", "3"), ("dropout", "0.25"), ("learning_rate", "0.004")),
        ];
        return [.. candidates.OfType<Candidate>().Where(candidate => candidate.Entry.Traits.Tasks.Contains(data.Target.Task))];
    }

    static Candidate? Of(string learner, params (string, string)[] settings) => Of(learner, null, settings);

    static Candidate? Of(string learner, int? statisticsAbove, params (string, string)[] settings)
        => LearnerCatalog.All.Any(entry => entry.Name == learner) ? Candidate.Parse(learner, settings, statisticsAbove) : null;

    /// <summary>All above 0, and the mean far above the median: an amount whose logarithm is the natural scale.</summary>
    static bool IsSkewedAmount(double[] values)
    {
        if (values.Length == 0 || values.Min() <= 0) return false;
        double[] ordered = [.. values.Order()];
        return values.Average() > 1.15 * ordered[ordered.Length / 2];
    }
}
