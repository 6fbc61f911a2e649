using System.Buffers;
using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// An ensemble compiled for batches: trees of up to 256 leaves run in <see cref="BlendGroup"/>s, larger ones are walked. Sums are exact integers, so that every way gives the same bits. Immutable.
/// The method is that of vectorised, branch-free tree evaluation (Asadi et al., 2014; Ye et al., "RapidScorer", 2018), here
/// over bytes and bottom-up.
/// </summary>
internal sealed unsafe class TreeProgram
{
    const int Rows = BlendKernel.Rows, Alignment = 64, MaxColumns = 1024;

    readonly BlendGroup[] groups;
    readonly Tree[] walked;
    readonly int outputs, binsSize, scratchSize;

    public TreeProgram(Tree[] trees, int outputs)
    {
        this.outputs = outputs;
        (groups, walked) = TreeGroups.Cut(trees, BlendGroup.MaxLeaves, MaxColumns, (members, questions) => new BlendGroup(members, questions));
        foreach (var group in groups) (binsSize, scratchSize) = (Math.Max(binsSize, group.BinsSize), Math.Max(scratchSize, group.ScratchSize));
    }

    /// <summary>Writes raw scores, (start score + sum of leaves) x factor, row by row.</summary>
    public void Score(FeatureMatrix features, int start, int count, ReadOnlySpan<long> bases, double factor, Span<double> scores)
    {
        int sumsSize = outputs * Rows * sizeof(int), totalsSize = outputs * Rows * sizeof(long);
        byte[] rented = ArrayPool<byte>.Shared.Rent(binsSize + scratchSize + sumsSize + totalsSize + Alignment);
        var dense = ArrayPool<float>.Shared.Rent(features.Map.Dense.Count);
        var codes = ArrayPool<int>.Shared.Rent(features.Map.Categories.Count);
        fixed (byte* unaligned = rented)
        {
            sbyte* bins = (sbyte*)((nint)(unaligned + Alignment - 1) & -Alignment), scratch = bins + binsSize;
            int* sums = (int*)(scratch + scratchSize);
            long* totals = (long*)((byte*)sums + sumsSize);
            for (int done = 0; done < count; done += Rows)
            {
                int rows = Math.Min(Rows, count - done);
                for (int k = 0; k < outputs; k++) new Span<long>(totals + k * Rows, Rows).Fill(bases[k]);
                foreach (var group in groups)
                {
                    new Span<int>(sums, outputs * Rows).Clear();
                    group.Add(features, start + done, rows, bins, scratch, sums);
                    for (int i = 0; i < outputs * Rows; i++) totals[i] += sums[i];
                }
                if (walked.Length > 0) Walk(features, start + done, rows, dense.AsSpan(0, features.Map.Dense.Count), codes.AsSpan(0, features.Map.Categories.Count), totals);
                for (int row = 0; row < rows; row++)
                    for (int k = 0; k < outputs; k++) scores[(done + row) * outputs + k] = totals[k * Rows + row] * factor;
            }
        }
        ArrayPool<int>.Shared.Return(codes);
        ArrayPool<float>.Shared.Return(dense);
        ArrayPool<byte>.Shared.Return(rented);
    }

    void Walk(FeatureMatrix features, int start, int count, Span<float> dense, Span<int> codes, long* totals)
    {
        for (int i = 0; i < count; i++)
        {
            var row = features.GetRow(start + i, dense, codes);
            foreach (var tree in walked)
            {
                int leaf = tree.FindLeaf(row), width = tree.LeafValues.Length / tree.LeafCount;
                for (int k = 0; k < width; k++) totals[(tree.Output + k) * Rows + i] += tree.LeafValues[leaf * width + k];
            }
        }
    }
}
