using Tilth.Models.Trees;

namespace Tilth.Exporting;

/// <summary>The trees of an ensemble as few long lists: nodes numbered through all trees, leaves as ~(place of their values).</summary>
internal sealed class FlatTrees
{
    public FlatTrees(TreeEnsemble ensemble)
    {
        foreach (var tree in ensemble.Trees) Add(tree);
    }

    public List<int> Roots { get; } = [];

    public List<int> Outputs { get; } = [];

    public List<int> Features { get; } = [];

    public List<float> Thresholds { get; } = [];

    /// <summary>Left and right of each node in turn.</summary>
    public List<int> Next { get; } = [];

    public List<byte> MissingLeft { get; } = [];

    public List<int> Sets { get; } = [];

    public List<ulong> Bits { get; } = [];

    public List<int> Values { get; } = [];

    void Add(Tree tree)
    {
        int firstNode = Features.Count, firstValue = Values.Count, firstWord = Bits.Count, width = tree.LeafValues.Length / tree.LeafCount;
        int Child(int child) => child >= 0 ? firstNode + child : ~(firstValue + ~child * width);
        Roots.Add(Child(tree.Feature.Length == 0 ? ~0 : 0));
        Outputs.Add(tree.LeafValues.Length == tree.LeafCount ? tree.Output : -1);
        Features.AddRange(tree.Feature);
        Thresholds.AddRange(tree.Threshold);
        for (int node = 0; node < tree.Left.Length; node++) Next.AddRange([Child(tree.Left[node]), Child(tree.Right[node])]);
        MissingLeft.AddRange(tree.MissingLeft.Select(goesLeft => (byte)(goesLeft ? 1 : 0)));
        Sets.AddRange(tree.CategoryStart.Select(start => start < 0 ? 0 : firstWord + start));
        Bits.AddRange(tree.CategoryBits);
        Values.AddRange(tree.LeafValues);
    }
}
