using Tilth.Data;
using Tilth.Prepare;

namespace Tilth.Models.Nodes;

/// <summary>
/// What a package predicts with: a small tree of pipelines, means, blends and stacks; a single model is a tree of one.
/// Takes rows of a table that conforms to the package's schema, gives predictions (probabilities or values) before the head.
/// Immutable and thread-safe; a batch gives the same bits as its rows one by one.
/// </summary>
public abstract class Node
{
    /// <summary>A node's tree is at most this deep; a pipeline alone has depth 1.</summary>
    public const int MaxDepth = 8;

    /// <summary>A tree has at most this many nodes.</summary>
    public const int MaxNodes = 1000;

    const int BlockRows = 16384;

    private protected Node(int outputCount, IReadOnlyList<Node> children)
    {
        (OutputCount, Children) = (outputCount, children);
        Depth = 1 + (children.Count == 0 ? 0 : children.Max(child => child.Depth));
        NodeCount = 1 + children.Sum(child => child.NodeCount);
        if (Depth > MaxDepth) throw new ArgumentException($"a tree of nodes may be {MaxDepth} deep, not {Depth}");
        if (NodeCount > MaxNodes) throw new ArgumentException($"a tree of nodes may have {MaxNodes} nodes, not {NodeCount}");
    }

    /// <summary>Predictions a row: 1 for binary (the positive class) and regression, one a class for multiclass.</summary>
    public int OutputCount { get; }

    /// <summary>The nodes below; none for a pipeline.</summary>
    public IReadOnlyList<Node> Children { get; }

    internal int Depth { get; }

    internal int NodeCount { get; }

    /// <summary>The names of the columns that the tree reads, in the order of first use.</summary>
    public IEnumerable<string> SourceColumns => Preparations.SelectMany(p => p.Inputs).Select(input => input.Column).Distinct();

    /// <summary>The different preparations of the tree, in the order of first use.</summary>
    internal IEnumerable<Preparation> Preparations => Pipelines.Select(pipeline => pipeline.Preparation).Distinct();

    /// <summary>The pipelines of the tree, left to right.</summary>
    internal IEnumerable<Pipeline> Pipelines => this is Pipeline own ? [own] : Children.SelectMany(child => child.Pipelines);

    /// <summary>The predictions of all rows, row by row.</summary>
    /// <param name="table">Conforms to the schema that the preparations were fitted with.</param>
    /// <returns>rows x <see cref="OutputCount"/>.</returns>
    public double[] Predict(Table table)
    {
        var predictions = new double[table.RowCount * OutputCount];
        Predict(table, predictions);
        return predictions;
    }

    /// <summary>Writes the predictions of all rows, row by row; works through blocks, so that memory does not grow with the rows.</summary>
    /// <param name="table">Conforms to the schema that the preparations were fitted with.</param>
    /// <param name="predictions">rows x <see cref="OutputCount"/>.</param>
    public void Predict(Table table, Span<double> predictions)
    {
        if (predictions.Length != (long)table.RowCount * OutputCount)
            throw new ArgumentException($"{table.RowCount} rows have {(long)table.RowCount * OutputCount} predictions, not {predictions.Length}");
        var columns = new Table([.. SourceColumns.Select(name => table[name])]);
        for (int start = 0; start < table.RowCount; start += BlockRows)
        {
            int count = Math.Min(BlockRows, table.RowCount - start);
            Predict(new PreparedBlock(columns.Slice(start, count), count), predictions.Slice(start * OutputCount, count * OutputCount));
        }
    }

    /// <summary>Writes the predictions of a block of rows.</summary>
    internal abstract void Predict(PreparedBlock block, Span<double> predictions);

    /// <summary>Writes the predictions of one row; allocates nothing once buffers have grown.</summary>
    internal abstract void PredictRow(PreparedRow row, Span<double> predictions);

    private protected static int SameOutputs(IReadOnlyList<Node> children)
    {
        if (children.Count == 0) throw new ArgumentException("a mean, blend or stack needs at least one child");
        int outputs = children[0].OutputCount;
        foreach (var child in children)
            if (child.OutputCount != outputs) throw new ArgumentException($"children give {outputs} and {child.OutputCount} outputs a row; they must agree");
        return outputs;
    }
}
