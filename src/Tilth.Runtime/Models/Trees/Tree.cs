namespace Tilth.Models.Trees;

/// <summary>
/// One decision tree in its canonical form: inner nodes in pre-order (node 0 is the root), leaves in the order in which a
/// left-first walk meets them. A child is an inner node's number, or the complement (~leaf) of a leaf's. A tree of one leaf
/// has no inner node.
/// </summary>
internal sealed class Tree
{
    /// <summary>Feature of each inner node, numbered as in the <see cref="Data.FeatureMap"/>.</summary>
    public required int[] Feature { get; init; }

    /// <summary>A number goes left if it is at most this; unused (0) in category nodes.</summary>
    public required float[] Threshold { get; init; }

    /// <summary>Whether a missing value goes left.</summary>
    public required bool[] MissingLeft { get; init; }

    /// <summary>Where the node's set of left-going codes starts in <see cref="CategoryBits"/>, or -1 in number nodes.</summary>
    public required int[] CategoryStart { get; init; }

    /// <summary>Sets of codes: word 0 of a set is its length in words, then 64 codes a word; codes beyond it go right.</summary>
    public required ulong[] CategoryBits { get; init; }

    /// <summary>Left child of each inner node.</summary>
    public required int[] Left { get; init; }

    /// <summary>Right child of each inner node.</summary>
    public required int[] Right { get; init; }

    /// <summary>Training weight that reached each inner node.</summary>
    public required double[] NodeCover { get; init; }

    /// <summary>Training weight that reached each leaf.</summary>
    public required double[] LeafCover { get; init; }

    /// <summary>Leaf values on the ensemble's scale, leaf by leaf: one each, or one an output.</summary>
    public required int[] LeafValues { get; init; }

    /// <summary>The output that the tree adds to, if its leaves have one value; 0 if they have one an output.</summary>
    public required int Output { get; init; }

    public int LeafCount => LeafCover.Length;

    /// <summary>One more than the last number feature; rows with fewer dense features hold some of them in their sparse part.</summary>
    public int DenseNeeded
    {
        get
        {
            int needed = 0;
            for (int n = 0; n < Feature.Length; n++)
                if (CategoryStart[n] < 0) needed = Math.Max(needed, Feature[n] + 1);
            return needed;
        }
    }

    /// <summary>The leaf that a row falls into.</summary>
    public int FindLeaf(Data.FeatureRow row)
    {
        if (Feature.Length == 0) return 0;
        int node = 0;
        do node = GoesLeft(node, row) ? Left[node] : Right[node];
        while (node >= 0);
        return ~node;
    }

    /// <summary>Adds the values of the row's leaf to the sums, one an output.</summary>
    public void AddTo(Span<long> sums, Data.FeatureRow row)
    {
        int leaf = FindLeaf(row), width = LeafValues.Length / LeafCount;
        for (int k = 0; k < width; k++) sums[Output + k] += LeafValues[leaf * width + k];
    }

    /// <summary>Whether a row at inner node <paramref name="node"/> goes on to its left child.</summary>
    public bool GoesLeft(int node, Data.FeatureRow row)
    {
        int feature = Feature[node];
        if (feature < row.Dense.Length) return IsLeft(node, row.Dense[feature]);
        feature -= row.Dense.Length;
        if (feature >= row.Codes.Length) return IsLeft(node, row.SparseValue(feature - row.Codes.Length));
        int code = row.Codes[feature];
        return code < 0 ? MissingLeft[node] : HasCode(CategoryStart[node], code);
    }

    bool IsLeft(int node, float value) => float.IsNaN(value) ? MissingLeft[node] : value <= Threshold[node];

    bool HasCode(int start, int code)
        => (uint)(code >> 6) < CategoryBits[start] && (CategoryBits[start + 1 + (code >> 6)] >> (code & 63) & 1) != 0;
}
