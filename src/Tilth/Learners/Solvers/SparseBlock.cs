using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models.Linear;
using Tilth.Parallelism;

namespace Tilth.Learners.Solvers;

/// <summary>
/// The sparse columns of a design (levels of categories as 0 or 1, then sparse features), compressed by row and by column;
/// within a column rows ascend.
/// </summary>
internal sealed class SparseBlock
{
    const int BlockColumns = 1024;

    readonly int[] rowStarts, columns, columnStarts, rows;
    readonly float[] values, columnValues;

    SparseBlock(int width, int[] rowStarts, int[] columns, float[] values)
    {
        (Width, this.rowStarts, this.columns, this.values) = (width, rowStarts, columns, values);
        (columnStarts, rows, columnValues) = (new int[width + 1], new int[columns.Length], new float[columns.Length]);
        foreach (int column in columns) columnStarts[column + 1]++;
        for (int j = 0; j < width; j++) columnStarts[j + 1] += columnStarts[j];
        var next = columnStarts.AsSpan(0, width).ToArray();
        for (int i = 0; i + 1 < rowStarts.Length; i++)
            for (int e = rowStarts[i]; e < rowStarts[i + 1]; e++)
            {
                int at = next[columns[e]]++;
                (rows[at], columnValues[at]) = (i, values[e]);
            }
    }

    public int Width { get; }

    /// <summary>Values that are kept.</summary>
    public int Entries => values.Length;

    public int ColumnBlocks => (Width + BlockColumns - 1) / BlockColumns;

    public static SparseBlock Of(FeatureMatrix features, int[] rows, LinearShape shape, WorkerPool workers)
    {
        int categories = shape.Levels.Length, offset = shape.SparseStart - shape.Dense;
        var levelStarts = shape.LevelStarts();
        var starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            int count = features.Sparse?.ColumnsOf(rows[i]).Length ?? 0;
            for (int f = 0; f < categories; f++)
                if ((uint)features.Codes[f][rows[i]] < (uint)shape.Levels[f]) count++;
            starts[i + 1] = checked(starts[i] + count);
        }
        var columns = new int[starts[^1]];
        var values = new float[starts[^1]];
        workers.ForChunks(rows.Length, Design.ChunkRows, (_, from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                int at = starts[i];
                for (int f = 0; f < categories; f++)
                    if (features.Codes[f][rows[i]] is var code && (uint)code < (uint)shape.Levels[f])
                        (columns[at], values[at++]) = (levelStarts[f] - shape.Dense + code, 1);
                if (features.Sparse is not { } sparse) continue;
                foreach (int column in sparse.ColumnsOf(rows[i])) columns[at++] = offset + column;
                sparse.ValuesOf(rows[i]).CopyTo(values.AsSpan(starts[i + 1] - sparse.ValuesOf(rows[i]).Length));
            }
        });
        return new(shape.Columns - shape.Dense, starts, columns, values);
    }

    public SparseBlock Take(int[] chosen, WorkerPool workers)
    {
        var starts = new int[chosen.Length + 1];
        for (int i = 0; i < chosen.Length; i++) starts[i + 1] = starts[i] + rowStarts[chosen[i] + 1] - rowStarts[chosen[i]];
        var taken = new int[starts[^1]];
        var takenValues = new float[starts[^1]];
        workers.ForChunks(chosen.Length, Design.ChunkRows, (_, from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                int count = starts[i + 1] - starts[i];
                columns.AsSpan(rowStarts[chosen[i]], count).CopyTo(taken.AsSpan(starts[i]));
                values.AsSpan(rowStarts[chosen[i]], count).CopyTo(takenValues.AsSpan(starts[i]));
            }
        });
        return new(Width, starts, taken, takenValues);
    }

    /// <summary>Adds each row's product with <paramref name="w"/> to <paramref name="sums"/>.</summary>
    public void AddTimes(ReadOnlySpan<double> w, int start, Span<double> sums)
    {
        if (Width == 0) return;
        for (int i = 0; i < sums.Length; i++)
        {
            double sum = sums[i];
            for (int e = rowStarts[start + i]; e < rowStarts[start + i + 1]; e++) sum = Math.FusedMultiplyAdd(w[columns[e]], values[e], sum);
            sums[i] = sum;
        }
    }

    /// <summary>The products of the columns of one block with <paramref name="r"/>.</summary>
    public void DotBlock(int block, ReadOnlySpan<double> r, Span<double> result)
    {
        for (int j = block * BlockColumns; j < Math.Min(Width, (block + 1) * BlockColumns); j++)
        {
            double sum = 0;
            for (int e = columnStarts[j]; e < columnStarts[j + 1]; e++) sum = Math.FusedMultiplyAdd(columnValues[e], r[rows[e]], sum);
            result[j] = sum;
        }
    }

    public double SquaredNorm(int j, ReadOnlySpan<double> h)
    {
        double sum = 0;
        for (int e = columnStarts[j]; e < columnStarts[j + 1]; e++)
            sum = Math.FusedMultiplyAdd((double)columnValues[e] * columnValues[e], h[rows[e]], sum);
        return sum;
    }

    public double Dot(int j, ReadOnlySpan<double> h, ReadOnlySpan<double> u)
    {
        double sum = 0;
        for (int e = columnStarts[j]; e < columnStarts[j + 1]; e++)
            sum = Math.FusedMultiplyAdd(columnValues[e] * h[rows[e]], u[rows[e]], sum);
        return sum;
    }

    public void AddColumn(int j, double scale, Span<double> u)
    {
        for (int e = columnStarts[j]; e < columnStarts[j + 1]; e++) u[rows[e]] = Math.FusedMultiplyAdd(scale, columnValues[e], u[rows[e]]);
    }

    public void Expand(int start, int count, Span<double> block, int stride)
    {
        for (int i = 0; i < count; i++)
            for (int e = rowStarts[start + i]; e < rowStarts[start + i + 1]; e++) block[columns[e] * stride + i] = values[e];
    }

    public ulong HashOf(int row, ulong hash)
    {
        for (int e = rowStarts[row]; e < rowStarts[row + 1]; e++)
            hash = StableHash.Mix(hash + ((ulong)columns[e] << 32 | BitConverter.SingleToUInt32Bits(values[e])));
        return hash;
    }
}
