using Tilth.Data;
using Tilth.Models;

namespace Tilth.Explanation;

/// <summary>How far a column moves the score on average: the mean over rows of its attribution's absolute value.</summary>
public static class GlobalImportance
{
    /// <summary>Importance of each source column for each output, on the raw score's scale.</summary>
    /// <param name="model">A model for which <see cref="RowAttribution.CanExplain"/> is true.</param>
    /// <param name="features">Features with the model's map.</param>
    /// <param name="rows">Rows to average over; a few hundred drawn at random are enough. None gives zeros.</param>
    /// <param name="sources">The sums onto source columns; made from the same map.</param>
    /// <returns>Sources x outputs, source by source, none negative.</returns>
    public static double[] BySource(Model model, FeatureMatrix features, ReadOnlySpan<int> rows, SourceAttribution sources)
    {
        int outputs = model.OutputCount;
        double[] importance = new double[sources.Sources.Count * outputs], parts = new double[importance.Length];
        double[] contributions = new double[features.Map.Count * outputs], baseline = new double[outputs];
        var dense = new float[features.Map.Dense.Count];
        var codes = new int[features.Map.Categories.Count];
        foreach (int row in rows)
        {
            RowAttribution.Explain(model, features.GetRow(row, dense, codes), contributions, baseline);
            sources.Sum(contributions, outputs, parts);
            for (int i = 0; i < parts.Length; i++) importance[i] += Math.Abs(parts[i]);
        }
        foreach (ref double value in importance.AsSpan()) value /= Math.Max(1, rows.Length);
        return importance;
    }
}
