namespace Tilth.Prepare;

/// <summary>In which form a learner wants numbers.</summary>
public enum NumberForm
{
    /// <summary>As they are (trees: any monotone transform gives the same splits).</summary>
    Raw,
    /// <summary>Skewed columns made symmetric, then mean 0 and standard deviation 1.</summary>
    Standard,
    /// <summary>Median 0, interquartile range 1, smoothly clipped (RealMLP, Holzmueller et al. 2024).</summary>
    Robust,
}

/// <summary>In which form a learner wants categories.</summary>
public enum CategoryForm
{
    /// <summary>As codes; the learner splits or embeds them itself.</summary>
    Codes,
    /// <summary>One column of 0 or 1 a level; many-levelled columns as sparse columns.</summary>
    OneHot,
    /// <summary>Out-of-fold target statistics.</summary>
    TargetEncoded,
}

/// <summary>In which form a learner wants free text.</summary>
public enum TextForm
{
    /// <summary>TF-IDF of words and characters as sparse features.</summary>
    Sparse,
    /// <summary>A few dense numbers: lengths, counts, and out-of-fold scores of a linear text model.</summary>
    Dense,
    /// <summary>Not at all.</summary>
    None,
}

/// <summary>What a learner needs done to the columns before it sees them; preparation does it, no learner does it again.</summary>
public sealed record PreparationNeeds
{
    /// <summary>The form of numbers.</summary>
    public NumberForm Numbers { get; init; } = NumberForm.Raw;

    /// <summary>False if NaN means something to the learner; true if gaps must be filled (and marked).</summary>
    public bool FillMissing { get; init; }

    /// <summary>The form of categories.</summary>
    public CategoryForm Categories { get; init; } = CategoryForm.Codes;

    /// <summary>The form of texts.</summary>
    public TextForm Text { get; init; } = TextForm.Dense;

    /// <summary>
    /// With <see cref="CategoryForm.Codes"/>: a category with more levels than this also gives its out-of-fold target
    /// statistic and its level's row count as numbers. Off by default.
    /// </summary>
    public int TargetStatisticsAbove { get; init; } = int.MaxValue;

    /// <summary>
    /// At most so many sums, differences, products and ratios of two numbers, chosen by what they say of the target beyond the
    /// single numbers. 0 by default.
    /// </summary>
    public int Arithmetic { get; init; }

    /// <summary>With <see cref="TextForm.Sparse"/>: 8 to 22 hashes terms into 2 to that power columns; 0 learns a vocabulary.</summary>
    public int TextHashBits { get; init; }
}
