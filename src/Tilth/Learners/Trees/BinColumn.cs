namespace Tilth.Learners.Trees;

/// <summary>
/// One feature in bins. Numbers: bin b holds what is at most <see cref="Edges"/>[b] and above the edge before. Categories: a
/// bin is a level, or the last one all rare levels. Missing values have the last bin of all, if there are any. Categories in
/// order are both: their levels' bins are those of a number.
/// </summary>
internal sealed class BinColumn
{
    /// <summary>The feature's number in the <see cref="Data.FeatureMap"/>.</summary>
    public required int Feature { get; init; }

    /// <summary>Bins that hold values.</summary>
    public required int ValueBins { get; init; }

    /// <summary>Some row misses the value.</summary>
    public required bool HasMissing { get; init; }

    /// <summary>Numbers and categories in order: thresholds between the bins, ascending, one fewer than bins. Other categories: null.</summary>
    public float[]? Edges { get; init; }

    /// <summary>Categories: the bin of each code, or -1 for a code that no row has. Numbers: null.</summary>
    public short[]? BinOfCode { get; init; }

    /// <summary>Categories: there are more levels than bins, so that the rare ones share one.</summary>
    public bool LevelsShareBin { get; init; }

    /// <summary>Categories in order (<see cref="LargeCategories"/>): the bin where rows without a level stand; else -1.</summary>
    public int MissingLevelBin { get; init; } = -1;

    public bool IsCategory => BinOfCode is not null;

    /// <summary>Bins stand in an order, so that a cut is a place in it.</summary>
    public bool IsOrdered => Edges is not null;

    /// <summary>All bins.</summary>
    public int Bins => ValueBins + (HasMissing ? 1 : 0);

    /// <summary>The bin of missing values, or -1.</summary>
    public int MissingBin => HasMissing ? ValueBins : -1;

    /// <summary>Nothing to split on.</summary>
    public bool IsConstant => Bins <= 1;
}
