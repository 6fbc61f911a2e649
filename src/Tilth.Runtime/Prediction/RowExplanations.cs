using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models.Nodes;
using Tilth.Packaging;

namespace Tilth.Prediction;

/// <summary>How far a column moved a row's score.</summary>
/// <param name="Column">A source column.</param>
/// <param name="Contribution">On the raw score (log odds, log of the mean, or the number itself), against the training mean.</param>
public readonly record struct ColumnContribution(string Column, double Contribution);

/// <summary>
/// Why the rows of a table got their scores: Shapley attributions of every model in the package, weighted as the package
/// weights the models, summed on source columns.
/// </summary>
public static class RowExplanations
{
    /// <summary>For each row the columns by the size of their contribution, or an empty list if a model of the package cannot tell.</summary>
    /// <param name="package">What predicts.</param>
    /// <param name="table">Rows as the package's predictor takes them.</param>
    /// <param name="predictions">Of the same rows: for three or more classes the decided class is explained, for two the positive one.</param>
    /// <exception cref="SchemaException">Feature columns are absent or unreadable.</exception>
    public static IReadOnlyList<IReadOnlyList<ColumnContribution>> Of(ModelPackage package, Table table, TablePredictions predictions)
    {
        var models = new List<(Pipeline Pipeline, double Weight)>();
        if (!Collect(package.Node, 1, models)) return [.. Enumerable.Repeat(Array.Empty<ColumnContribution>(), table.RowCount)];
        var conformed = package.Schema.Conform(table, []);
        int[] outputs = package.Target.OutputCount == 1 ? new int[table.RowCount] : predictions.Decisions();
        var sums = new Dictionary<string, double>[table.RowCount];
        for (int row = 0; row < sums.Length; row++) sums[row] = [];
        foreach (var (pipeline, weight) in models) Add(pipeline, weight, conformed, outputs, sums);
        return [.. sums.Select(row => row.Select(entry => new ColumnContribution(entry.Key, entry.Value))
            .OrderByDescending(entry => Math.Abs(entry.Contribution)).ThenBy(entry => entry.Column, StringComparer.Ordinal).ToArray())];
    }

    static bool Collect(Node node, double weight, List<(Pipeline, double)> models)
    {
        switch (node)
        {
            case Pipeline pipeline:
                models.Add((pipeline, weight));
                return RowAttribution.CanExplain(pipeline.Model);
            case Mean mean:
                return mean.Children.All(child => Collect(child, weight / mean.Children.Count, models));
            case Blend blend:
                var shares = blend.Shares.ToArray();
                return blend.Children.Select((child, i) => Collect(child, weight * shares[i], models)).All(can => can);
            default:
                return false;
        }
    }

    static void Add(Pipeline pipeline, double weight, Table conformed, int[] outputs, Dictionary<string, double>[] sums)
    {
        var features = pipeline.Preparation.Apply(conformed);
        var sources = new SourceAttribution(features.Map);
        int width = pipeline.Model.OutputCount;
        var dense = new float[features.Map.Dense.Count];
        var codes = new int[features.Map.Categories.Count];
        double[] contributions = new double[features.Map.Count * width], baseline = new double[width], bySource = new double[sources.Sources.Count * width];
        for (int row = 0; row < sums.Length; row++)
        {
            RowAttribution.Explain(pipeline.Model, features.GetRow(row, dense, codes), contributions, baseline);
            sources.Sum(contributions, width, bySource);
            for (int s = 0; s < sources.Sources.Count; s++)
                sums[row][sources.Sources[s]] = sums[row].GetValueOrDefault(sources.Sources[s]) + weight * bySource[s * width + outputs[row]];
        }
    }
}
