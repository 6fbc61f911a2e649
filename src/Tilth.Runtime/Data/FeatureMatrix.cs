namespace Tilth.Data;

/// <summary>
/// What learners and models see of a table: dense numbers and category codes by column, text and other sparse features by
/// row. Immutable once it is built; thread-safe.
/// </summary>
public sealed class FeatureMatrix
{
    /// <summary>Wraps the blocks without copying.</summary>
    /// <param name="map">Names, sources and sizes.</param>
    /// <param name="rowCount">Rows in every block.</param>
    /// <param name="dense">A column a dense feature, each at least <paramref name="rowCount"/> long; NaN is missing.</param>
    /// <param name="codes">A column a category feature; -1 is missing.</param>
    /// <param name="sparse">The sparse rows, or null if the map has no sparse segment.</param>
    public FeatureMatrix(FeatureMap map, int rowCount, float[][] dense, int[][] codes, SparseRows? sparse)
    {
        if (dense.Length != map.Dense.Count || codes.Length != map.Categories.Count || (sparse is null) != (map.SparseWidth == 0))
            throw new ArgumentException("the blocks do not have the map's shape");
        (Map, RowCount, Dense, Codes, Sparse) = (map, rowCount, dense, codes, sparse);
    }

    /// <summary>What stands where.</summary>
    public FeatureMap Map { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    internal float[][] Dense { get; }

    internal int[][] Codes { get; }

    internal SparseRows? Sparse { get; }

    /// <summary>The numbers of dense feature <paramref name="feature"/>, one a row.</summary>
    public ReadOnlySpan<float> DenseColumn(int feature) => Dense[feature].AsSpan(0, RowCount);

    /// <summary>The codes of category feature <paramref name="feature"/> (counted within its block), one a row.</summary>
    public ReadOnlySpan<int> CodeColumn(int feature) => Codes[feature].AsSpan(0, RowCount);

    /// <summary>A copy of some rows, in their order.</summary>
    internal FeatureMatrix Take(int[] rows) => new(Map, rows.Length,
        [.. Dense.Select(column => Array.ConvertAll(rows, row => column[row]))], [.. Codes.Select(column => Array.ConvertAll(rows, row => column[row]))], Sparse?.Take(rows));

    /// <summary>Copies one row into the caller's buffers (dense, codes) and points at its sparse entries.</summary>
    internal FeatureRow GetRow(int row, Span<float> dense, Span<int> codes)
    {
        for (int f = 0; f < Dense.Length; f++) dense[f] = Dense[f][row];
        for (int f = 0; f < Codes.Length; f++) codes[f] = Codes[f][row];
        return Sparse is null
            ? new FeatureRow(dense, codes, default, default)
            : new FeatureRow(dense, codes, Sparse.ColumnsOf(row), Sparse.ValuesOf(row));
    }
}

/// <summary>Rows of (column, value) pairs, columns ascending within a row (compressed sparse rows).</summary>
/// <param name="starts">rows + 1 offsets into the other two.</param>
/// <param name="columns">Column of each entry.</param>
/// <param name="values">Value of each entry; never NaN.</param>
/// <param name="width">Number of columns.</param>
public sealed class SparseRows(int[] starts, int[] columns, float[] values, int width)
{
    /// <summary>Number of columns.</summary>
    public int Width => width;

    /// <summary>Number of rows.</summary>
    public int RowCount => starts.Length - 1;

    internal int[] Starts => starts;

    internal int[] Columns => columns;

    internal float[] Values => values;

    /// <summary>A copy of some rows, in their order.</summary>
    internal SparseRows Take(int[] rows)
    {
        var taken = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++) taken[i + 1] = taken[i] + starts[rows[i] + 1] - starts[rows[i]];
        var (newColumns, newValues) = (new int[taken[^1]], new float[taken[^1]]);
        for (int i = 0; i < rows.Length; i++)
        {
            ColumnsOf(rows[i]).CopyTo(newColumns.AsSpan(taken[i]));
            ValuesOf(rows[i]).CopyTo(newValues.AsSpan(taken[i]));
        }
        return new(taken, newColumns, newValues, width);
    }

    /// <summary>The columns in which the row is not zero, ascending.</summary>
    public ReadOnlySpan<int> ColumnsOf(int row) => columns.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>The row's values in those columns.</summary>
    public ReadOnlySpan<float> ValuesOf(int row) => values.AsSpan(starts[row], starts[row + 1] - starts[row]);
}

/// <summary>The features of one row, in the caller's memory.</summary>
public readonly ref struct FeatureRow(
    ReadOnlySpan<float> dense, ReadOnlySpan<int> codes, ReadOnlySpan<int> sparseColumns, ReadOnlySpan<float> sparseValues)
{
    /// <summary>A number a dense feature; NaN is missing.</summary>
    public readonly ReadOnlySpan<float> Dense = dense;

    /// <summary>A code a category feature; -1 is missing.</summary>
    public readonly ReadOnlySpan<int> Codes = codes;

    /// <summary>The sparse features that are not zero, ascending.</summary>
    public readonly ReadOnlySpan<int> SparseColumns = sparseColumns;

    /// <summary>Their values.</summary>
    public readonly ReadOnlySpan<float> SparseValues = sparseValues;

    /// <summary>The value of one sparse feature; 0 where the row has no entry.</summary>
    public float SparseValue(int column)
        => SparseColumns.BinarySearch(column) is var at && at >= 0 ? SparseValues[at] : 0;
}
