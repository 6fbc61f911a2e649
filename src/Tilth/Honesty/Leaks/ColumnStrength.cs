using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// How well the cells of one column foresee the target on rows that were not looked at: each row is foreseen by the mean of
/// its cell over the other four fifths of the rows, drawn towards the overall mean. Classes: the normalised Gini 2 AUC - 1, the
/// mean over classes by their rows; numbers: the coefficient of determination.
/// </summary>
internal static class ColumnStrength
{
    const int Folds = 5, MostClasses = 20;

    /// <summary>Rows that the overall mean counts for.</summary>
    const double PriorRows = 2;

    /// <summary>1 is perfect, 0 is worth nothing; below 0 is worse than the mean.</summary>
    public static double Of(ColumnCells cells, Target target, ulong seed)
    {
        if (cells.Distinct < 2 && cells.Codes.All(code => code >= 0)) return 0;
        int[] fold = FoldOf(cells.Codes.Length, seed);
        if (target.Task == TaskKind.Regression) return Determination(cells, fold, target.Values);
        var sizes = new double[target.ClassCount];
        foreach (double y in target.Values) sizes[(int)y]++;
        if (target.Task == TaskKind.Binary) return Gini(cells, fold, target.Values, 1);
        double sum = 0, rows = 0;
        foreach (int k in Enumerable.Range(0, sizes.Length).OrderByDescending(k => sizes[k]).Take(MostClasses))
        {
            if (sizes[k] == 0 || sizes[k] == cells.Codes.Length) continue;
            sum += sizes[k] * Gini(cells, fold, target.Values, k);
            rows += sizes[k];
        }
        return rows == 0 ? 0 : sum / rows;
    }

    static int[] FoldOf(int rows, ulong seed)
    {
        var fold = new int[rows];
        for (int i = 0; i < rows; i++) fold[i] = i % Folds;
        new RandomSource(seed).Shuffle<int>(fold);
        return fold;
    }

    static double Determination(ColumnCells cells, int[] fold, double[] y)
    {
        double mean = y.Average();
        var (count, sum) = Sums(cells, fold, row => y[row] - mean);
        double error = 0, spread = 0;
        for (int row = 0; row < y.Length; row++)
        {
            int cell = cells.Codes[row] + 1;
            double foreseen = Foreseen(count, sum, cell, fold[row], 0), centred = y[row] - mean;
            error += (centred - foreseen) * (centred - foreseen);
            spread += centred * centred;
        }
        return spread > 0 ? 1 - error / spread : 0;
    }

    static double Gini(ColumnCells cells, int[] fold, double[] y, int k)
    {
        var (count, sum) = Sums(cells, fold, row => y[row] == k ? 1 : 0);
        // Rows of one cell and fold are foreseen alike: the AUC needs these few groups only.
        int groups = count.Length;
        double share = sum.Sum() / fold.Length;
        var scores = new double[groups];
        var order = new int[groups];
        for (int g = 0; g < groups; g++) (scores[g], order[g]) = (Foreseen(count, sum, g / Folds, g % Folds, share), g);
        Array.Sort(scores, order);
        double below = 0, wins = 0, positives = 0, negatives = 0;
        for (int at = 0; at < groups;)
        {
            double here1 = 0, here0 = 0;
            int start = at;
            for (; at < groups && scores[at] == scores[start]; at++)
            {
                here1 += sum[order[at]];
                here0 += count[order[at]] - sum[order[at]];
            }
            wins += here1 * (below + here0 / 2);
            below += here0;
            positives += here1;
            negatives += here0;
        }
        return positives > 0 && negatives > 0 ? 2 * wins / (positives * negatives) - 1 : 0;
    }

    /// <summary>Rows and target sums at (cell + 1) x folds + fold; cell -1 is missing.</summary>
    static (double[] Count, double[] Sum) Sums(ColumnCells cells, int[] fold, Func<int, double> value)
    {
        double[] count = new double[(cells.Count + 1) * Folds], sum = new double[count.Length];
        for (int row = 0; row < fold.Length; row++)
        {
            int at = (cells.Codes[row] + 1) * Folds + fold[row];
            count[at]++;
            sum[at] += value(row);
        }
        return (count, sum);
    }

    static double Foreseen(double[] count, double[] sum, int cell, int fold, double mean)
    {
        double rows = 0, total = 0;
        for (int f = 0; f < Folds; f++)
        {
            if (f == fold) continue;
            rows += count[cell * Folds + f];
            total += sum[cell * Folds + f];
        }
        return (total + PriorRows * mean) / (rows + PriorRows);
    }
}
