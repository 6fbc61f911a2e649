using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// One column of bytes that a compiled program compares with thresholds: the bins of a number, the same with missing below
/// all others (for nodes that send missing left), or one category node's question, -128 for left and 127 for right.
/// </summary>
internal sealed class QuestionColumn
{
    readonly float[]? table;
    readonly sbyte[]? sides;

    QuestionColumn(int feature, float[]? table, sbyte[]? sides, int source) => (Feature, this.table, this.sides, Source) = (feature, table, sides, source);

    /// <summary>The feature's number in the map.</summary>
    public int Feature { get; }

    /// <summary>The column that this one copies with missing moved, or -1.</summary>
    public int Source { get; }

    /// <summary>Whether the feature is a category.</summary>
    public bool IsCategory => sides is not null;

    public static QuestionColumn OfNumber(int feature, float[] cuts) => new(feature, CutKernel.MakeTable(cuts), null, -1);

    public static QuestionColumn WithMissingFirst(int feature, int source) => new(feature, null, null, source);

    /// <param name="feature">The feature's number in the map.</param>
    /// <param name="set">The codes that go left, 64 a word.</param>
    /// <param name="missingLeft">Whether missing goes left.</param>
    public static QuestionColumn OfSet(int feature, ReadOnlySpan<ulong> set, bool missingLeft)
    {
        // One place for missing, then the codes, then one for all codes beyond the set.
        var sides = new sbyte[64 * set.Length + 2];
        sides[0] = Side(missingLeft);
        for (int code = 0; code <= 64 * set.Length; code++) sides[code + 1] = Side(code < 64 * set.Length && (set[code >> 6] >> (code & 63) & 1) != 0);
        return new(feature, null, sides, -1);
    }

    static sbyte Side(bool left) => left ? sbyte.MinValue : sbyte.MaxValue;

    /// <summary>Fills the column for some rows.</summary>
    /// <param name="features">The rows.</param>
    /// <param name="start">First row.</param>
    /// <param name="source">The bins of <see cref="Source"/>, if there is one.</param>
    /// <param name="target">One byte a row.</param>
    public void Fill(FeatureMatrix features, int start, ReadOnlySpan<sbyte> source, Span<sbyte> target)
    {
        if (table is not null) CutKernel.Bin(features.Dense[Feature].AsSpan(start, target.Length), table, target);
        else if (sides is null) CutKernel.MissingFirst(source, target);
        else
        {
            var codes = features.Codes[Feature - features.Map.CategoryStart].AsSpan(start, target.Length);
            for (int i = 0; i < codes.Length; i++) target[i] = SideOf(codes[i]);
        }
    }

    /// <summary>The byte of one row.</summary>
    public sbyte Of(FeatureRow row, ReadOnlySpan<sbyte> earlier)
    {
        if (table is not null) return CutKernel.Bin(row.Dense[Feature], table);
        if (sides is null) return earlier[Source] == CutKernel.Missing ? sbyte.MinValue : earlier[Source];
        return SideOf(row.Codes[Feature - row.Dense.Length]);
    }

    sbyte SideOf(int code) => sides![Math.Clamp(code + 1, 0, sides.Length - 1)];
}
