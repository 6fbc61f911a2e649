using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>What a model foresees on average if two columns had given values in every row (Friedman, 2001), and how many rows are like that.</summary>
/// <param name="Mean">Values of the first column x values of the second: the mean prediction.</param>
/// <param name="Rows">The same table: rows whose nearest values these are. Where there are none, the mean is of rows that may not exist.</param>
public sealed record PairDependence(double[][] Mean, int[][] Rows)
{
    /// <summary>Predicts every row at every pair of values.</summary>
    /// <param name="predict">One number a row.</param>
    /// <param name="rows">At least one row.</param>
    /// <param name="seen">Rows to count: as many as are at hand.</param>
    /// <param name="first">Values of a column.</param>
    /// <param name="second">Values of another.</param>
    public static PairDependence Of(RowPredictor predict, Table rows, Table seen, ColumnGrid first, ColumnGrid second)
    {
        double[][] mean = [.. Enumerable.Range(0, first.Count).Select(i =>
        {
            var given = rows.With(first.Constant(i, rows.RowCount));
            return Enumerable.Range(0, second.Count).Select(j => predict(given.With(second.Constant(j, rows.RowCount))).Average()).ToArray();
        })];
        int[][] counts = [.. mean.Select(_ => new int[second.Count])];
        foreach (var (i, j) in first.Nearest(seen[first.Name]).Zip(second.Nearest(seen[second.Name])))
            if (i >= 0 && j >= 0) counts[i][j]++;
        return new(mean, counts);
    }
}
