using System.Buffers;

namespace Tilth.Models.Nodes;

/// <summary>The weighted average of its children's predictions (of probabilities or values, not of raw scores).</summary>
public sealed class Blend : Node
{
    readonly double[] weights, shares;

    /// <param name="weights">One a child, finite, at least 0, not all 0; need not sum to 1.</param>
    /// <param name="children">At least one; all with the same outputs. Summed in this order.</param>
    public Blend(IReadOnlyList<double> weights, IReadOnlyList<Node> children) : base(SameOutputs(children), [.. children])
    {
        if (weights.Count != children.Count) throw new ArgumentException($"{children.Count} children need as many weights, not {weights.Count}");
        if (weights.Any(w => !(w >= 0 && w <= double.MaxValue))) throw new ArgumentException("a blend's weights are finite and at least 0");
        double sum = weights.Sum();
        if (!(sum > 0 && double.IsFinite(sum))) throw new ArgumentException("a blend's weights may not all be 0 or have no finite sum");
        this.weights = [.. weights];
        shares = [.. weights.Select(w => w / sum)];
    }

    /// <summary>One a child, as given.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>One a child, summing to 1.</summary>
    public ReadOnlySpan<double> Shares => shares;

    internal override void Predict(PreparedBlock block, Span<double> predictions)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(predictions.Length);
        var one = buffer.AsSpan(0, predictions.Length);
        predictions.Clear();
        for (int c = 0; c < shares.Length; c++)
        {
            Children[c].Predict(block, one);
            Add(shares[c], one, predictions);
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    internal override void PredictRow(PreparedRow row, Span<double> predictions)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(predictions.Length);
        var one = buffer.AsSpan(0, predictions.Length);
        predictions.Clear();
        for (int c = 0; c < shares.Length; c++)
        {
            Children[c].PredictRow(row, one);
            Add(shares[c], one, predictions);
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    static void Add(double share, ReadOnlySpan<double> from, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] += share * from[i];
    }
}
