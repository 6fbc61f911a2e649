using System.Buffers;
using Tilth.Data;

namespace Tilth.Models.Nodes;

/// <summary>
/// A top model over its children's predictions (stacked generalisation, Wolpert 1992): the children's outputs, child by child,
/// are the top model's dense features. The top model must have been fitted on out-of-fold predictions.
/// </summary>
public sealed class Stack : Node
{
    readonly FeatureMap map;
    readonly int inner;

    /// <param name="children">At least one; all with the same outputs.</param>
    /// <param name="top">Fitted on features of <see cref="MapOf"/>.</param>
    public Stack(IReadOnlyList<Node> children, Model top) : base(top.OutputCount, [.. children])
        => (map, inner, Top) = (MapOf(children), SameOutputs(children), top);

    /// <summary>The model over the children's predictions.</summary>
    public Model Top { get; }

    /// <summary>The features that a top model over these children sees: each output of each child, in order.</summary>
    public static FeatureMap MapOf(IReadOnlyList<Node> children)
    {
        var features = new List<Feature>();
        for (int c = 0; c < children.Count; c++)
        {
            string[] sources = [.. children[c].SourceColumns];
            for (int k = 0; k < children[c].OutputCount; k++)
                features.Add(new Feature(children[c].OutputCount == 1 ? $"model {c + 1}" : $"model {c + 1}: output {k + 1}", sources));
        }
        return new FeatureMap(features, [], []);
    }

    internal override void Predict(PreparedBlock block, Span<double> predictions)
    {
        int rows = block.RowCount;
        var dense = new float[map.Dense.Count][];
        double[] buffer = ArrayPool<double>.Shared.Rent(rows * inner);
        var one = buffer.AsSpan(0, rows * inner);
        for (int c = 0; c < Children.Count; c++)
        {
            Children[c].Predict(block, one);
            for (int k = 0; k < inner; k++)
            {
                var column = dense[c * inner + k] = new float[rows];
                for (int row = 0; row < rows; row++) column[row] = (float)one[row * inner + k];
            }
        }
        ArrayPool<double>.Shared.Return(buffer);
        Top.Predict(new FeatureMatrix(map, rows, dense, [], null), 0, rows, predictions);
    }

    internal override void PredictRow(PreparedRow row, Span<double> predictions)
    {
        int width = map.Dense.Count;
        double[] buffer = ArrayPool<double>.Shared.Rent(inner);
        float[] features = ArrayPool<float>.Shared.Rent(width);
        for (int c = 0; c < Children.Count; c++)
        {
            Children[c].PredictRow(row, buffer.AsSpan(0, inner));
            for (int k = 0; k < inner; k++) features[c * inner + k] = (float)buffer[k];
        }
        Top.PredictRow(new FeatureRow(features.AsSpan(0, width), [], [], []), predictions);
        ArrayPool<float>.Shared.Return(features);
        ArrayPool<double>.Shared.Return(buffer);
    }
}
