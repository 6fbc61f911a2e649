using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>
/// What a model foresees on average if one column had a given value in every row (Friedman, 2001), and for single rows
/// (individual conditional expectation, Goldstein et al., 2015). Where columns go together, some of these rows cannot exist;
/// <see cref="AccumulatedEffect"/> avoids them.
/// </summary>
/// <param name="Grid">The column's values.</param>
/// <param name="Mean">The mean prediction at each value.</param>
/// <param name="Rows">Rows x values: each row's own prediction at each value.</param>
public sealed record PartialDependence(ColumnGrid Grid, double[] Mean, double[][] Rows)
{
    /// <summary>Predicts every row at every value.</summary>
    public static PartialDependence Of(RowPredictor predict, Table rows, ColumnGrid grid)
    {
        var each = new double[rows.RowCount][];
        for (int row = 0; row < each.Length; row++) each[row] = new double[grid.Count];
        var mean = new double[grid.Count];
        for (int i = 0; i < grid.Count; i++)
        {
            double[] predictions = predict(rows.With(grid.Constant(i, rows.RowCount)));
            for (int row = 0; row < predictions.Length; row++)
            {
                each[row][i] = predictions[row];
                mean[i] += predictions[row] / predictions.Length;
            }
        }
        return new(grid, mean, each);
    }
}
