using Tilth.Prepare;

namespace Tilth.Models.Nodes;

/// <summary>A preparation and the model over its features: the leaf of every tree of nodes.</summary>
/// <param name="preparation">May be shared with other pipelines; it then runs once a block or row.</param>
/// <param name="model">Fitted on the preparation's features.</param>
public sealed class Pipeline(Preparation preparation, Model model) : Node(model.OutputCount, [])
{
    /// <summary>Turns columns into features.</summary>
    public Preparation Preparation => preparation;

    /// <summary>Turns features into predictions.</summary>
    public Model Model => model;

    internal override void Predict(PreparedBlock block, Span<double> predictions)
        => model.Predict(block.FeaturesOf(preparation), 0, block.RowCount, predictions);

    internal override void PredictRow(PreparedRow row, Span<double> predictions)
        => model.PredictRow(row.FeaturesOf(preparation), predictions);
}
