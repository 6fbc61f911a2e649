using System.Globalization;
using Tilth.Search;

namespace Tilth.Bench.Honesty;

/// <summary>Fifty candidates that fit in milliseconds and differ enough to be chosen among: what a search can fool itself with.</summary>
static class CheapPortfolio
{
    public static IReadOnlyList<Candidate> All { get; } =
    [
        .. Enumerable.Range(0, 45).Select(i => Candidate.Parse("gradient_boosting",
        [
            ("n_estimators", Text(5 + 3 * (i % 9))), ("learning_rate", "0.15"), ("num_leaves", Text(2 + i % 7)), ("feature_fraction", Text(0.3 + 0.1 * (i % 6))),
            ("min_data_in_leaf", Text(5 + i)), ("early_stopping_rounds", "0"),
        ], null)),
        .. Enumerable.Range(0, 5).Select(i => Candidate.Parse("extra_trees", [("n_estimators", Text(10 + i)), ("min_samples_leaf", Text(3 + 2 * i))], null)),
    ];

    static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
