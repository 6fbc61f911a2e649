using Tilth.Learners.Losses;
using Tilth.Kernels;
using Tilth.Models.Trees;

namespace Tilth.Learners.Trees;

/// <summary>Brings grown trees, and those of the model that was continued, onto one scale.</summary>
internal static class BoostedEnsemble
{
    public static TreeEnsemble Of(IEnumerable<GrownTree> grown, BinColumn[] columns, double[] bases, IBoostingLoss loss, TreeEnsemble? start)
    {
        var trees = grown.ToList();
        double largest = trees.SelectMany(tree => tree.Leaves).Select(leaf => Math.Abs(leaf.Values[0])).DefaultIfEmpty(0).Max();
        double old = start is null ? 0 : Elementary.PowerOfTwo(start.ScaleExponent);
        if (start is not null) largest = Math.Max(largest, start.Trees.SelectMany(tree => tree.LeafValues).Max(value => Math.Abs((double)value)) * old);
        // Without any leaf to go by, the start score sets the scale.
        var scale = new LeafScale(largest > 0 ? largest : bases.Max(Math.Abs));
        var all = new List<Tree>();
        var starts = new long[loss.Outputs];
        for (int k = 0; k < starts.Length; k++) starts[k] = scale.RoundBase(start is null ? bases[k] : start.Bases[k] * old);
        if (start is not null) all.AddRange(start.Trees.Select(tree => Rescaled(tree, old, scale)));
        for (int i = 0; i < trees.Count; i++) all.Add(trees[i].ToTree(columns, i % loss.Outputs, scale));
        return new TreeEnsemble([.. all], starts, scale.Exponent, mean: false, loss.Link);
    }

    static Tree Rescaled(Tree tree, double old, LeafScale scale) => new()
    {
        Feature = tree.Feature, Threshold = tree.Threshold, MissingLeft = tree.MissingLeft, CategoryStart = tree.CategoryStart,
        CategoryBits = tree.CategoryBits, Left = tree.Left, Right = tree.Right, NodeCover = tree.NodeCover, LeafCover = tree.LeafCover,
        LeafValues = [.. tree.LeafValues.Select(value => scale.Round(value * old))], Output = tree.Output,
    };
}
