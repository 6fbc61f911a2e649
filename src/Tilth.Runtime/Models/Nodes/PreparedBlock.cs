using Tilth.Data;
using Tilth.Prepare;

namespace Tilth.Models.Nodes;

/// <summary>A block of rows on its way through a tree of nodes: each preparation runs at most once over it.</summary>
internal sealed class PreparedBlock(Table table, int rowCount)
{
    readonly Dictionary<Preparation, FeatureMatrix> done = new(ReferenceEqualityComparer.Instance);

    public int RowCount => rowCount;

    public FeatureMatrix FeaturesOf(Preparation preparation)
    {
        if (!done.TryGetValue(preparation, out var features)) done[preparation] = features = preparation.Apply(table);
        return features;
    }
}
