namespace Tilth.Search;

/// <summary>
/// About how many bytes a trial will hold: its models, and what fitting needs beside the shared features. Only decides what is
/// begun smaller, or not at all, under a limit of memory.
/// </summary>
internal static class MemoryCost
{
    /// <summary>Of a node of a tree: feature, threshold, children, cover, value.</summary>
    const int BytesPerNode = 48;

    /// <summary>A forest of fewer trees, leaves of more rows and fewer components than these are not worth a trial.</summary>
    const double FewestTrees = 25, MostLeafRows = 64, FewestComponents = 50;

    /// <summary>The candidate, or a smaller one of its kind that fits; null if none does.</summary>
    /// <param name="candidate">What is to be tried.</param>
    /// <param name="search">Rows, features and folds.</param>
    /// <param name="available">Bytes.</param>
    public static Candidate? Fitting(Candidate candidate, SearchData search, long available)
    {
        for (Candidate? smaller = candidate; smaller is not null; smaller = Smaller(smaller))
            if (Bytes(smaller, search) <= available) return smaller;
        return null;
    }

    /// <summary>Larger leaves first, which cost least; then half of the trees or components.</summary>
    static Candidate? Smaller(Candidate candidate)
    {
        bool forest = candidate.Entry.Name is "random_forest" or "extra_trees";
        return (forest ? Scaled(candidate, "min_samples_leaf", 2, 1, MostLeafRows) ?? Scaled(candidate, "n_estimators", 0.5, FewestTrees, double.MaxValue) : null)
            ?? (candidate.Entry.Name == "kernel_ridge" ? Scaled(candidate, "n_components", 0.5, FewestComponents, double.MaxValue) : null);
    }

    static Candidate? Scaled(Candidate candidate, string name, double factor, double least, double most)
    {
        var parameter = candidate.Entry.Parameters.First(parameter => parameter.Name == name);
        double value = Math.Floor(factor * Math.Max(1, parameter.Get(candidate.Learner)));
        return value >= least && value <= most ? candidate.With(parameter.Set(candidate.Learner, value)) : null;
    }

    public static long Bytes(Candidate candidate, SearchData search)
    {
        double Value(string name, double otherwise) => candidate.Entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Get(candidate.Learner) ?? otherwise;
        double rows = search.Rows.Length, features = Math.Max(1, search.Data.Schema.Features.Count()), outputs = search.Outputs;
        double model = candidate.Entry.Name switch
        {
            "random_forest" or "extra_trees" => Value("n_estimators", 100) * 2 * rows / Math.Max(1, 1.5 * Value("min_samples_leaf", 1)) * (BytesPerNode + 8 * outputs),
            "k_nearest_neighbors" => rows * features * 8,
            "kernel_ridge" => Value("n_components", 600) * (8 * Math.Min(rows, 10_000) + 16 * Value("n_components", 600)),
            "gradient_boosting" => Value("n_estimators", 1000) * outputs * 2 * Value("num_leaves", 31) * BytesPerNode,
            _ => 1 << 20,
        };
        return (long)(search.Folds * model + rows * (features * 5 + outputs * 32));
    }
}
