using Tilth.Data;

namespace Tilth.Models.Linear;

/// <summary>How many columns a linear model sees: numbers, one a level of each category, and sparse ones, in that order.</summary>
/// <param name="Dense">Number features.</param>
/// <param name="Levels">Levels of each category feature.</param>
/// <param name="Sparse">Sparse columns.</param>
internal sealed record LinearShape(int Dense, int[] Levels, int Sparse)
{
    /// <summary>More outputs than this are refused when a package is read.</summary>
    public const int MostOutputs = 1 << 20;

    public int SparseStart { get; } = Dense + Levels.Sum();

    public int Columns => SparseStart + Sparse;

    public static LinearShape Of(FeatureMap map) => new(map.Dense.Count, [.. map.Categories.Select(c => c.LevelCount)], map.SparseWidth);

    /// <summary>The column of each category's first level.</summary>
    public int[] LevelStarts()
    {
        var starts = new int[Levels.Length];
        for (int f = 0, at = Dense; f < starts.Length; at += Levels[f++]) starts[f] = at;
        return starts;
    }
}
