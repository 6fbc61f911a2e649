using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Trees;

/// <summary>
/// A sum (boosting) or mean (forest) of decision trees. Leaf values are integers on one power-of-two scale, so that a sum
/// has the same bits in any order: batch, single row, any thread count and instruction set agree exactly. The rounding of a
/// leaf is below 2^-24 of the largest leaf.
/// </summary>
public sealed class TreeEnsemble : Model
{
    // Fewer rows go one by one: a batch's run costs as much for one row as for 64. More outputs than this would need sums
    // beyond the caches.
    const int SmallBatch = 3, MaxCompiledOutputs = 1024;

    readonly long[] bases;
    readonly double factor;
    readonly int denseNeeded;
    readonly Lazy<TreeProgram> batchProgram;
    readonly Lazy<RowProgram> rowProgram;
    readonly Lazy<TreeAttribution> attribution;

    /// <param name="trees">At least one; each leaf has 1 or <paramref name="bases"/>.Length values.</param>
    /// <param name="bases">One start score an output, on the same scale as the leaves.</param>
    /// <param name="scaleExponent">An integer score times 2^scaleExponent is the score.</param>
    /// <param name="mean">True if the score is the mean of the trees instead of their sum.</param>
    /// <param name="link">How scores become predictions.</param>
    internal TreeEnsemble(Tree[] trees, long[] bases, int scaleExponent, bool mean, Link link)
    {
        int wrong = Array.FindIndex(trees, tree => !TreeShape.IsCanonical(tree));
        if (wrong >= 0) throw new ArgumentException($"tree {wrong} is not in canonical order");
        (Trees, this.bases, ScaleExponent, IsMean, Link) = (trees, bases, scaleExponent, mean, link);
        factor = Elementary.PowerOfTwo(scaleExponent) / (mean ? trees.Length : 1);
        denseNeeded = trees.Max(tree => tree.DenseNeeded);
        batchProgram = new(() => new TreeProgram(Trees, OutputCount));
        rowProgram = new(() => new RowProgram(Trees));
        attribution = new(() => new TreeAttribution(Trees, Bases, factor));
    }

    /// <inheritdoc/>
    public override int OutputCount => bases.Length;

    /// <inheritdoc/>
    public override Link Link { get; }

    /// <summary>Number of trees.</summary>
    public int TreeCount => Trees.Length;

    internal Tree[] Trees { get; }

    internal ReadOnlySpan<long> Bases => bases;

    internal int ScaleExponent { get; }

    internal bool IsMean { get; }

    internal override string PartKind => "trees";

    /// <inheritdoc/>
    public override void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        if (count >= SmallBatch && OutputCount <= MaxCompiledOutputs && denseNeeded <= features.Map.Dense.Count)
        {
            batchProgram.Value.Score(features, start, count, bases, factor, scores);
            return;
        }
        var dense = new float[features.Map.Dense.Count];
        var codes = new int[features.Map.Categories.Count];
        for (int i = 0; i < count; i++)
            ScoreRow(features.GetRow(start + i, dense, codes), scores.Slice(i * OutputCount, OutputCount));
    }

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores) => ScoreRow(row, scores, compiled: true);

    /// <summary>Scores a row by the compiled form, or by the walk that is the reference for every compiled form.</summary>
    internal void ScoreRow(FeatureRow row, Span<double> scores, bool compiled)
    {
        Span<long> sums = stackalloc long[OutputCount <= 256 ? OutputCount : 0];
        if (OutputCount > 256) sums = new long[OutputCount];
        bases.CopyTo(sums);
        // Where the trees read sparse features, numbers of theirs are not among the row's dense ones.
        if (compiled && denseNeeded <= row.Dense.Length) rowProgram.Value.Add(row, sums);
        else foreach (var tree in Trees) tree.AddTo(sums, row);
        for (int k = 0; k < sums.Length; k++) scores[k] = sums[k] * factor;
    }

    internal override bool CanAttribute => true;

    internal override void Attribute(FeatureRow row, Span<double> contributions, Span<double> baseline)
        => attribution.Value.Explain(row, contributions, baseline);

    internal override void Pack(PartWriter writer) => TreePacking.Pack(this, writer);

    /// <summary>Reads what <see cref="Pack"/> wrote; everything is checked against the map.</summary>
    /// <exception cref="PackageFormatException">The part is not an ensemble over the features of the map.</exception>
    internal static TreeEnsemble Unpack(PartReader reader, FeatureMap map) => TreePacking.Unpack(reader, map);
}
