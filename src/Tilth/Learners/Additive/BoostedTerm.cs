namespace Tilth.Learners.Additive;

/// <summary>
/// A function that is boosted: a table of cells, one of which each row falls into. Every bag has its own values; the cells
/// of the rows are shared. The last cell is nowhere: rows in it are never moved.
/// </summary>
internal abstract class BoostedTerm
{
    /// <summary>The cell of each row, by position.</summary>
    public required ushort[] Cells { get; init; }

    /// <summary>Cells, the one that is nowhere included.</summary>
    public required int CellCount { get; init; }

    /// <summary>Grows one tiny tree on the cells' sums and writes its step for each cell.</summary>
    /// <param name="sums">(Gradient, hessian) of each cell.</param>
    /// <param name="weights">The weight of each cell.</param>
    /// <param name="rules">What the tree obeys.</param>
    /// <param name="steps">One number a cell; overwritten.</param>
    public abstract void Cut(ReadOnlySpan<double> sums, ReadOnlySpan<double> weights, CutRules rules, Span<double> steps);
}
