using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Learners.Neural;

/// <summary>Edges of the piecewise-linear embedding of each number: quantiles of the training rows.</summary>
static class EmbeddingEdges
{
    const int SampleRows = 50_000;

    public static float[][] Of(FeatureMatrix features, int[] rows, int bins, RandomSource random)
    {
        int[] sample = rows.Length <= SampleRows ? rows : [.. Enumerable.Range(0, SampleRows).Select(_ => rows[random.NextInt(rows.Length)])];
        return [.. Enumerable.Range(0, features.Map.Dense.Count).Select(f => EdgesOf(features.Dense[f], sample, bins))];
    }

    static float[] EdgesOf(float[] column, int[] rows, int bins)
    {
        float[] values = [.. rows.Select(row => column[row]).Where(float.IsFinite).Order()];
        if (values.Length == 0) return [0, 1];
        var edges = new List<float> { values[0] };
        for (int b = 1; b <= bins; b++)
        {
            float edge = values[(int)((long)(values.Length - 1) * b / bins)];
            // A bin far narrower than its column would turn rounding into large slopes.
            if (edge - edges[^1] > 1e-5f * Math.Max(1e-3f, values[^1] - values[0])) edges.Add(edge);
        }
        if (edges.Count == 1) edges.Add(edges[0] + 1);
        return float.IsFinite(edges[^1] - edges[0]) ? [.. edges] : [0, 1];
    }
}
