using Tilth.Data;

namespace Tilth.Learners.Trees;

/// <summary>The entries of some columns of a sparse block, column by column, rows ascending.</summary>
internal sealed class SparseColumns
{
    readonly int[] starts, rows;
    readonly float[] values;

    SparseColumns(int[] starts, int[] rows, float[] values) => (this.starts, this.rows, this.values) = (starts, rows, values);

    public ReadOnlySpan<int> RowsOf(int column) => rows.AsSpan(starts[column]..starts[column + 1]);

    public ReadOnlySpan<float> ValuesOf(int column) => values.AsSpan(starts[column]..starts[column + 1]);

    /// <param name="sparse">The rows, or null.</param>
    /// <param name="wanted">Columns to keep, ascending; they are numbered by their place here.</param>
    public static SparseColumns? Of(SparseRows? sparse, int[] wanted)
    {
        if (sparse is null) return null;
        var place = new int[sparse.Width];
        place.AsSpan().Fill(-1);
        for (int i = 0; i < wanted.Length; i++) place[wanted[i]] = i;
        var starts = new int[wanted.Length + 1];
        foreach (int column in sparse.Columns)
            if (place[column] >= 0) starts[place[column] + 1]++;
        for (int i = 0; i < wanted.Length; i++) starts[i + 1] += starts[i];
        var next = starts.AsSpan().ToArray();
        var rows = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (int row = 0; row < sparse.RowCount; row++)
            for (int at = sparse.Starts[row]; at < sparse.Starts[row + 1]; at++)
            {
                int column = place[sparse.Columns[at]];
                if (column < 0) continue;
                rows[next[column]] = row;
                values[next[column]++] = sparse.Values[at];
            }
        return new(starts, rows, values);
    }
}
