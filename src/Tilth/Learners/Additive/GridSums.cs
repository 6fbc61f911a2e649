namespace Tilth.Learners.Additive;

/// <summary>A table of sums over two features' groups, from which the sum of any rectangle is four reads.</summary>
internal sealed class GridSums
{
    /// <summary>At (r, c): the sum of the cells above row r and left of column c.</summary>
    readonly CellSum[] corner;

    GridSums(int rows, int columns) => (Rows, Columns, corner) = (rows, columns, new CellSum[(rows + 1) * (columns + 1)]);

    /// <param name="rows">Groups of the first feature.</param>
    /// <param name="columns">Groups of the second.</param>
    /// <param name="sums">(Gradient, hessian) of each cell, row by row.</param>
    /// <param name="weights">The weight of each cell.</param>
    public static GridSums Of(int rows, int columns, ReadOnlySpan<double> sums, ReadOnlySpan<double> weights)
    {
        var table = new GridSums(rows, columns);
        var corner = table.corner;
        int width = columns + 1;
        for (int r = 0, cell = 0; r < rows; r++)
        {
            CellSum line = default;
            for (int c = 0; c < columns; c++, cell++)
            {
                line += new CellSum(sums[2 * cell], sums[2 * cell + 1], weights[cell]);
                corner[(r + 1) * width + c + 1] = corner[r * width + c + 1] + line;
            }
        }
        return table;
    }

    public int Rows { get; }

    public int Columns { get; }

    public CellSum Total => corner[^1];

    /// <summary>Rows for columns.</summary>
    public GridSums Turned()
    {
        var turned = new GridSums(Columns, Rows);
        for (int r = 0; r <= Rows; r++)
            for (int c = 0; c <= Columns; c++) turned.corner[c * (Rows + 1) + r] = corner[r * (Columns + 1) + c];
        return turned;
    }

    /// <summary>The sums above a row, by the column that they end before.</summary>
    public ReadOnlySpan<CellSum> Before(int row) => corner.AsSpan(row * (Columns + 1), Columns + 1);

    /// <summary>The sum over rows r0 to r1 - 1 and columns c0 to c1 - 1.</summary>
    public CellSum Part(int r0, int r1, int c0, int c1)
    {
        int w = Columns + 1;
        return corner[r1 * w + c1] - corner[r0 * w + c1] - corner[r1 * w + c0] + corner[r0 * w + c0];
    }
}
