namespace Tilth.Search;

/// <summary>
/// About how many bytes a trial will hold: its models, and what fitting needs beside the shared features. Only decides what is not
/// begun under a limit of memory.
/// </summary>
internal static class MemoryCost
{
    /// <summary>Of a node of a tree: feature, threshold, children, cover, value.</summary>
    const int BytesPerNode = 48;

    public static long Bytes(Candidate candidate, SearchData search)
    {
        double Value(string name, double otherwise) => candidate.Entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Get(candidate.Learner) ?? otherwise;
        double rows = search.Rows.Length, features = Math.Max(1, search.Data.Schema.Features.Count()), outputs = search.Outputs;
        double model = candidate.Entry.Name switch
        {
            "random_forest" or "extra_trees" => Value("n_estimators", 100) * 2 * rows / Math.Max(1, 1.5 * Value("min_samples_leaf", 1)) * (BytesPerNode + 8 * outputs),
            "k_nearest_neighbors" => rows * features * 8,
            "random_features" => rows * Value("n_components", 500) * 8,
            "gradient_boosting" => Value("n_estimators", 1000) * outputs * 2 * Value("num_leaves", 31) * BytesPerNode,
            _ => 1 << 20,
        };
        return (long)(search.Folds * model + rows * (features * 5 + outputs * 32));
    }
}
