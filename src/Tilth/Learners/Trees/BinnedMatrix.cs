using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// A feature matrix in bytes, one bin a value, column after column in aligned memory. It looks at features and weights only,
/// never at a target, so that all folds, trials and tree learners share one. Sparse features are kept if enough rows have them.
/// </summary>
internal sealed unsafe class BinnedMatrix
{
    /// <summary>Sparse features are kept from this many rows on, the most frequent first.</summary>
    const int MinSparseRows = 5, MaxSparseColumns = 4096;

    const long MaxSparseBytes = 2L << 30;

    readonly NativeBuffer buffer;
    readonly long columnLength;

    BinnedMatrix(int rows, BinColumn[] columns, NativeBuffer buffer, long columnLength)
        => (RowCount, Columns, this.buffer, this.columnLength) = (rows, columns, buffer, columnLength);

    /// <summary>Rows of the feature matrix.</summary>
    public int RowCount { get; }

    /// <summary>The features that can be split on; constant ones are absent.</summary>
    public BinColumn[] Columns { get; }

    /// <summary>The bins of a column, one a row.</summary>
    public byte* Bins(int column) => buffer.Pointer + column * columnLength;

    /// <summary>Bins the matrix; rows of weight 0 move no edge.</summary>
    public static BinnedMatrix Of(FeatureMatrix features, ReadOnlyMemory<double> weights, WorkerPool workers)
    {
        var map = features.Map;
        int rows = features.RowCount;
        int[] sparse = FrequentSparse(features);
        int count = map.Dense.Count + map.Categories.Count + sparse.Length;
        long length = (rows + 63L) & ~63L;
        var made = new BinColumn[count];
        var buffer = new NativeBuffer(length * count);
        var byColumn = SparseColumns.Of(features.Sparse, sparse);
        workers.For(count, at =>
        {
            var bins = new Span<byte>(buffer.Pointer + at * length, rows);
            made[at] = at < map.Dense.Count ? NumberBins.Fill(at, features.DenseColumn(at), weights.Span, bins)
                : at < map.SparseStart ? CategoryBins.Fill(at, features.CodeColumn(at - map.CategoryStart), map.Categories[at - map.CategoryStart].LevelCount, weights.Span, bins)
                : NumberBins.FillSparse(map.SparseStart + sparse[at - map.SparseStart], byColumn!, at - map.SparseStart, weights.Span, bins);
        });
        // Constant columns leave the list, and their bytes the memory's front, so that column numbers stay dense.
        var kept = new List<BinColumn>();
        for (int at = 0; at < count; at++)
        {
            if (made[at].IsConstant) continue;
            if (kept.Count < at) Buffer.MemoryCopy(buffer.Pointer + at * length, buffer.Pointer + kept.Count * length, length, length);
            kept.Add(made[at]);
        }
        return new(rows, [.. kept], buffer, length);
    }

    /// <summary>Some columns of this matrix, and further ones after them, whose bins the caller fills.</summary>
    public BinnedMatrix With(int[] kept, BinColumn[] added)
    {
        var next = new NativeBuffer(columnLength * (kept.Length + added.Length));
        for (int at = 0; at < kept.Length; at++) Buffer.MemoryCopy(Bins(kept[at]), next.Pointer + at * columnLength, columnLength, columnLength);
        GC.KeepAlive(this);
        return new(RowCount, [.. kept.Select(column => Columns[column]), .. added], next, columnLength);
    }

    /// <summary>Copies the rows' bins of one column.</summary>
    public void Gather(int column, int[] rows, byte* target)
    {
        byte* source = Bins(column);
        for (int i = 0; i < rows.Length; i++) target[i] = source[rows[i]];
        GC.KeepAlive(this);
    }

    static int[] FrequentSparse(FeatureMatrix features)
    {
        if (features.Sparse is null) return [];
        var counts = new int[features.Map.SparseWidth];
        foreach (int column in features.Sparse.Columns) counts[column]++;
        long most = Math.Min(MaxSparseColumns, MaxSparseBytes / Math.Max(1, features.RowCount));
        var kept = Enumerable.Range(0, counts.Length).Where(column => counts[column] >= MinSparseRows)
            .OrderByDescending(column => counts[column]).ThenBy(column => column).Take((int)most).ToArray();
        Array.Sort(kept);
        return kept;
    }
}
