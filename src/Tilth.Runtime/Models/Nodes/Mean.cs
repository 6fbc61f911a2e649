using System.Buffers;

namespace Tilth.Models.Nodes;

/// <summary>The plain average of its children's predictions, for example of one plan fitted on each fold.</summary>
/// <param name="children">At least one; all with the same outputs. Summed in this order.</param>
public sealed class Mean(IReadOnlyList<Node> children) : Node(SameOutputs(children), [.. children])
{
    internal override void Predict(PreparedBlock block, Span<double> predictions)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(predictions.Length);
        var one = buffer.AsSpan(0, predictions.Length);
        predictions.Clear();
        foreach (var child in Children)
        {
            child.Predict(block, one);
            Add(one, predictions);
        }
        Divide(predictions);
        ArrayPool<double>.Shared.Return(buffer);
    }

    internal override void PredictRow(PreparedRow row, Span<double> predictions)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(predictions.Length);
        var one = buffer.AsSpan(0, predictions.Length);
        predictions.Clear();
        for (int c = 0; c < Children.Count; c++)
        {
            Children[c].PredictRow(row, one);
            Add(one, predictions);
        }
        Divide(predictions);
        ArrayPool<double>.Shared.Return(buffer);
    }

    static void Add(ReadOnlySpan<double> from, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] += from[i];
    }

    void Divide(Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] /= Children.Count;
    }
}
