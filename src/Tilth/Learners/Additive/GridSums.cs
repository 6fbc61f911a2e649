namespace Tilth.Learners.Additive;

/// <summary>A table of sums over two features' groups, from which the sum of any rectangle is four reads.</summary>
internal sealed class GridSums
{
    readonly CellSum[] corner;

    /// <param name="rows">Groups of the first feature.</param>
    /// <param name="columns">Groups of the second.</param>
    /// <param name="sums">(Gradient, hessian) of each cell, row by row.</param>
    /// <param name="weights">The weight of each cell.</param>
    public GridSums(int rows, int columns, ReadOnlySpan<double> sums, ReadOnlySpan<double> weights)
    {
        (Rows, Columns) = (rows, columns);
        corner = new CellSum[(rows + 1) * (columns + 1)];
        for (int r = 0; r < rows; r++)
        {
            CellSum line = default;
            for (int c = 0; c < columns; c++)
            {
                int cell = r * columns + c;
                line += new CellSum(sums[2 * cell], sums[2 * cell + 1], weights[cell]);
                corner[(r + 1) * (columns + 1) + c + 1] = corner[r * (columns + 1) + c + 1] + line;
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public CellSum Total => corner[^1];

    /// <summary>The sum over outer groups from..to - 1 and inner groups innerFrom..innerTo - 1; the outer are the columns if swapped.</summary>
    public CellSum Part(bool swapped, int from, int to, int innerFrom, int innerTo)
        => swapped ? Part(innerFrom, innerTo, from, to) : Part(from, to, innerFrom, innerTo);

    CellSum Part(int r0, int r1, int c0, int c1)
    {
        int w = Columns + 1;
        return corner[r1 * w + c1] - corner[r0 * w + c1] - corner[r1 * w + c0] + corner[r0 * w + c0];
    }
}
