using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>X'diag(h)X with the column of ones last, as a full symmetric matrix (columns + 1 squared, row by row).</summary>
internal static class Gram
{
    const int BlockRows = 128;

    public static double[] Of(Design design, double[] h)
    {
        int size = design.Columns + 1, padded = (size + 3) & ~3;
        // A fixed number of groups of rows, each summed on its own: no thread count changes a bit.
        int groups = size <= 256 ? 16 : 4, blocks = (design.Rows + BlockRows - 1) / BlockRows;
        var sums = new double[Math.Min(groups, blocks)][];
        design.Workers.For(sums.Length, group =>
        {
            var g = sums[group] = new double[padded * padded];
            var block = new double[padded * BlockRows];
            var scaled = new double[padded * BlockRows];
            for (int b = (int)((long)blocks * group / sums.Length); b < (long)blocks * (group + 1) / sums.Length; b++)
            {
                int start = b * BlockRows, count = Math.Min(BlockRows, design.Rows - start);
                if (count < BlockRows) block.AsSpan().Clear();
                design.Expand(start, count, block, BlockRows);
                for (int j = 0; j < size; j++)
                    for (int i = 0; i < count; i++) scaled[j * BlockRows + i] = block[j * BlockRows + i] * h[start + i];
                if (count < BlockRows)
                    for (int j = 0; j < size; j++) scaled.AsSpan(j * BlockRows + count, BlockRows - count).Clear();
                GramKernel.AddLower(scaled, block, BlockRows, g, padded);
            }
        });
        var result = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                foreach (var g in sums) sum += g[i * padded + j];
                result[i * size + j] = result[j * size + i] = sum;
            }
        return result;
    }
}
