using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>
/// How much of the joint effect of two columns is not the sum of their own effects: Friedman and Popescu's H (2008, eq. 44).
/// 0 for columns that add up, 1 where neither has an effect of its own.
/// </summary>
/// <param name="First">A column.</param>
/// <param name="Second">Another.</param>
/// <param name="H">In 0 to about 1; 0 where both together have no effect.</param>
/// <param name="Size">The standard deviation of what does not add up, in the prediction's unit.</param>
public sealed record InteractionStrength(string First, string Second, double H, double Size)
{
    /// <summary>Measures every pair of the columns; rows x rows predictions a column and a pair.</summary>
    /// <param name="predict">One number a row.</param>
    /// <param name="rows">Some dozen rows.</param>
    /// <param name="columns">Names of at least two columns.</param>
    /// <returns>The strongest by size first.</returns>
    public static IReadOnlyList<InteractionStrength> Of(RowPredictor predict, Table rows, IReadOnlyList<string> columns)
    {
        double[][] own = [.. columns.Select(column => Centred(predict, rows, [column]))];
        var found = new List<InteractionStrength>();
        for (int j = 0; j < columns.Count; j++)
            for (int k = j + 1; k < columns.Count; k++)
            {
                double[] both = Centred(predict, rows, [columns[j], columns[k]]);
                double rest = 0, all = 0;
                for (int i = 0; i < both.Length; i++)
                {
                    double left = both[i] - own[j][i] - own[k][i];
                    (rest, all) = (rest + left * left, all + both[i] * both[i]);
                }
                // What rounding leaves of two columns without any effect is no interaction.
                bool none = all <= 1e-18 * both.Length;
                found.Add(new(columns[j], columns[k], none ? 0 : Math.Sqrt(rest / all), Math.Sqrt(rest / both.Length)));
            }
        return [.. found.OrderByDescending(pair => pair.Size).ThenBy(pair => pair.First, StringComparer.Ordinal).ThenBy(pair => pair.Second, StringComparer.Ordinal)];
    }

    /// <summary>The centred partial dependence at each row's own values: mean over all rows that take these values.</summary>
    static double[] Centred(RowPredictor predict, Table rows, string[] columns)
    {
        int n = rows.RowCount;
        int[] everyRow = [.. Enumerable.Range(0, n * n).Select(i => i % n)], given = [.. Enumerable.Range(0, n * n).Select(i => i / n)];
        var mixed = rows.Take(everyRow);
        foreach (string column in columns) mixed = mixed.With(rows[column].Take(given));
        double[] predictions = predict(mixed), mean = new double[n];
        for (int i = 0; i < predictions.Length; i++) mean[given[i]] += predictions[i] / n;
        double middle = mean.Average();
        return Array.ConvertAll(mean, value => value - middle);
    }
}
