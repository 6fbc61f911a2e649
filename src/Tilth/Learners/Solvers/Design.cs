using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models.Linear;
using Tilth.Parallelism;

namespace Tilth.Learners.Solvers;

/// <summary>
/// The rows of a training set that count, as a matrix of columns: numbers as they are, and the levels of categories together
/// with the sparse features as one sparse block, kept by row and by column. All sums run over rows in one fixed order,
/// whatever the number of threads. A fold is not another design but other weights (0 for its held-out rows).
/// </summary>
internal sealed class Design
{
    public const int ChunkRows = 2048;

    readonly WorkerPool workers;
    readonly float[][] dense;
    readonly SparseBlock sparse;

    Design(int[] rows, float[][] dense, SparseBlock sparse, LinearShape shape, double[] target, double[] weights, WorkerPool workers)
    {
        (SourceRows, this.dense, this.sparse, Shape, Target, Weights, this.workers) = (rows, dense, sparse, shape, target, weights, workers);
        TotalWeight = Total(weights);
        Means = new double[Columns];
        TransposeTimes(weights, Means, 1);
        for (int j = 0; j < Means.Length; j++) Means[j] /= TotalWeight;
    }

    public LinearShape Shape { get; }

    public int Rows => SourceRows.Length;

    public int Columns => Shape.Columns;

    /// <summary>Numbers that a product with the matrix reads, the column of ones included; a sparse one counts twice, as it takes longer.</summary>
    public double Entries => (double)Rows * (dense.Length + 1) + 2.0 * sparse.Entries;

    public int Chunks => (Rows + ChunkRows - 1) / ChunkRows;

    /// <summary>The row of the training set that each row is.</summary>
    public int[] SourceRows { get; }

    public double[] Target { get; }

    public double[] Weights { get; }

    public double TotalWeight { get; }

    /// <summary>The weighted mean of each column.</summary>
    public double[] Means { get; }

    public WorkerPool Workers => workers;

    /// <summary>Gathers the rows of a training set whose weight is not 0.</summary>
    public static Design Of(TrainingSet set, FitContext context)
    {
        var rows = set.Weights.IsEmpty ? set.Rows : [.. set.Rows.Where(row => set.Weights.Span[row] > 0)];
        var weights = new double[rows.Length];
        var target = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            weights[i] = set.Weights.IsEmpty ? 1 : set.Weights.Span[rows[i]];
            target[i] = set.Target.Values[rows[i]];
        }
        var columns = new float[set.Features.Map.Dense.Count][];
        context.Workers.For(columns.Length, j => columns[j] = Gather(set.Features.DenseColumn(j), rows, weights));
        var shape = LinearShape.Of(set.Features.Map);
        return new(rows, columns, SparseBlock.Of(set.Features, rows, shape, context.Workers), shape, target, weights, context.Workers);
    }

    /// <summary>The same columns of some rows only.</summary>
    public Design Take(int[] chosen)
    {
        var columns = new float[dense.Length][];
        workers.For(columns.Length, j => columns[j] = Array.ConvertAll(chosen, i => dense[j][i]));
        return new(Array.ConvertAll(chosen, i => SourceRows[i]), columns, sparse.Take(chosen, workers), Shape,
            Array.ConvertAll(chosen, i => Target[i]), Array.ConvertAll(chosen, i => Weights[i]), workers);
    }

    /// <summary>The column's values; a missing one is the mean of the others.</summary>
    static float[] Gather(ReadOnlySpan<float> column, int[] rows, double[] weights)
    {
        var values = new float[rows.Length];
        double sum = 0, weight = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column[rows[i]];
            if (float.IsNaN(values[i])) continue;
            sum += weights[i] * values[i];
            weight += weights[i];
        }
        for (int i = 0; i < values.Length; i++)
            if (float.IsNaN(values[i])) values[i] = weight > 0 ? (float)(sum / weight) : 0;
        return values;
    }

    /// <summary>scores = X w + intercept for each output; w has a stride of columns + 1, the intercept last.</summary>
    public void Times(ReadOnlyMemory<double> w, double[] scores, int outputs)
    {
        int stride = Columns + 1, groups = Groups(outputs);
        workers.For(Chunks * groups, item =>
        {
            int first = item / Chunks * ClassProductKernel.Outputs, some = Math.Min(ClassProductKernel.Outputs, outputs - first);
            int start = item % Chunks * ChunkRows, count = Math.Min(ChunkRows, Rows - start);
            if (some > 1) ClassProductKernel.Times(dense, start, count, w.Span[(first * stride)..], stride, some, scores.AsSpan(first * Rows + start), Rows);
            for (int k = first; k < first + some; k++)
            {
                var weights = w.Span.Slice(k * stride, stride);
                var sums = scores.AsSpan(k * Rows + start, count);
                if (some == 1) DenseTimes(weights, start, sums);
                sparse.AddTimes(weights[dense.Length..], start, sums);
            }
        });
    }

    static int Groups(int outputs) => (outputs + ClassProductKernel.Outputs - 1) / ClassProductKernel.Outputs;

    void DenseTimes(ReadOnlySpan<double> weights, int start, Span<double> sums)
    {
        sums.Fill(weights[Columns]);
        for (int j = 0; j < dense.Length; j++)
            if (weights[j] != 0) ColumnKernels.AddScaled(dense[j].AsSpan(start, sums.Length), weights[j], sums);
    }

    /// <summary>result = X'r for each output; the result has a stride of columns, plus 1 (the sum of r) if there is room.</summary>
    public void TransposeTimes(double[] r, double[] result, int outputs)
    {
        int stride = result.Length / outputs, blocks = sparse.ColumnBlocks;
        if (outputs > 1) DensePairs(r, result, outputs);
        int from = outputs > 1 ? dense.Length / 2 * 2 : 0, items = dense.Length - from + blocks + 1;
        workers.For(items * outputs, item =>
        {
            int k = item / items, j = from + item % items;
            var values = r.AsSpan(k * Rows, Rows);
            var mine = result.AsSpan(k * stride, stride);
            if (j < dense.Length) mine[j] = ColumnKernels.Dot(dense[j], values);
            else if (j < dense.Length + blocks) sparse.DotBlock(j - dense.Length, values, mine.Slice(dense.Length, sparse.Width));
            else if (stride > Columns) mine[Columns] = outputs > 1 ? ColumnKernels.Sum(values) : Total(values);
        });
    }

    /// <summary>The products of all pairs of dense columns; a last one without another is left.</summary>
    void DensePairs(double[] r, double[] result, int outputs)
    {
        int stride = result.Length / outputs, pairs = dense.Length / 2;
        workers.For(pairs * Groups(outputs), item =>
        {
            int first = item / pairs * ClassProductKernel.Outputs, j = item % pairs * 2;
            ClassProductKernel.Dots(dense[j], dense[j + 1], r.AsSpan(first * Rows), Math.Min(ClassProductKernel.Outputs, outputs - first), result.AsSpan(first * stride + j), stride);
        });
    }

    /// <summary>result_j = sum of h_i x_ij^2, and the sum of h last.</summary>
    public void SquaredNorms(double[] h, int from, Span<double> result)
    {
        var values = h.AsSpan(from, Rows);
        for (int j = 0; j < dense.Length; j++) result[j] = ColumnKernels.SquaredNorm(dense[j], values);
        for (int j = 0; j < sparse.Width; j++) result[dense.Length + j] = sparse.SquaredNorm(j, values);
        result[Columns] = Total(values);
    }

    /// <summary>The sum of h_i x_ij u_i; column <see cref="Columns"/> is the one of ones.</summary>
    public double Dot(int j, ReadOnlySpan<double> h, ReadOnlySpan<double> u)
        => j == Columns ? ColumnKernels.Dot(h, u) : j < dense.Length ? ColumnKernels.Dot(dense[j], h, u) : sparse.Dot(j - dense.Length, h, u);

    /// <summary>u = u + scale times column j.</summary>
    public void AddColumn(int j, double scale, Span<double> u)
    {
        if (j < dense.Length) ColumnKernels.AddScaled(dense[j], scale, u);
        else if (j < Columns) sparse.AddColumn(j - dense.Length, scale, u);
        else
            for (int i = 0; i < u.Length; i++) u[i] += scale;
    }

    /// <summary>Writes rows start to start + count - 1 as columns of doubles, each with a stride of <paramref name="stride"/>; ones last.</summary>
    public void Expand(int start, int count, double[] block, int stride)
    {
        for (int j = 0; j < dense.Length; j++)
            ColumnKernels.Widen(dense[j].AsSpan(start, count), block.AsSpan(j * stride, count));
        block.AsSpan(dense.Length * stride, sparse.Width * stride).Clear();
        sparse.Expand(start, count, block.AsSpan(dense.Length * stride), stride);
        block.AsSpan(Columns * stride, count).Fill(1);
    }

    /// <summary>A hash of what a row holds, the target included: equal rows have equal hashes.</summary>
    public ulong HashOf(int row)
    {
        ulong hash = (ulong)BitConverter.DoubleToInt64Bits(Target[row]);
        foreach (var column in dense) hash = StableHash.Mix(hash + BitConverter.SingleToUInt32Bits(column[row]));
        return sparse.HashOf(row, hash);
    }

    /// <summary>The sum, in one fixed order.</summary>
    public static double Total(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += value;
        return sum;
    }
}
