using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// An ensemble compiled for single rows: <see cref="RowGroup"/>s where looking up the bins costs less than it saves, walks for
/// the other trees. The integers are those of every other form. Immutable.
/// </summary>
internal sealed class RowProgram
{
    readonly RowGroup[] groups;
    readonly Tree[] walked;

    public RowProgram(Tree[] trees)
    {
        var unpaid = new List<Tree>();
        var (made, rest) = TreeGroups.Cut(trees, BinWalkKernel.MaxNodes / 2, RowMaskKernel.MaxColumns, (members, questions) =>
        {
            // A walk's step and a bin's lookup take about as long as each other.
            if (members.Sum(tree => (long)RowGroup.DepthOf(tree)) > 2 * questions.ColumnCount) return new RowGroup(members, questions);
            unpaid.AddRange(members);
            return null;
        });
        groups = [.. made.OfType<RowGroup>()];
        walked = [.. unpaid, .. rest];
    }

    /// <summary>Adds all trees to the sums, one an output.</summary>
    public void Add(FeatureRow row, Span<long> sums)
    {
        foreach (var group in groups) group.Add(row, sums);
        foreach (var tree in walked) tree.AddTo(sums, row);
    }
}
