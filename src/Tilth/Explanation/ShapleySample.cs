using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Explanation;

/// <summary>
/// Shapley values of columns for any model (what kernel SHAP estimates by regression: Lundberg and Lee, 2017): how the mean
/// prediction over background rows moves as one column after the other takes the explained row's value. Exact over all subsets
/// for few columns; else over orders of the columns, each with its reverse (Mitchell et al., 2022), which has no bias, adds up
/// exactly, and states its standard error.
/// </summary>
/// <param name="Columns">The columns, as given.</param>
/// <param name="Values">How far each moved the prediction; they sum to <paramref name="Prediction"/> - <paramref name="Baseline"/>.</param>
/// <param name="Errors">Standard error of each value; 0 where they are exact.</param>
/// <param name="Baseline">The mean prediction of the background rows.</param>
/// <param name="Prediction">The row's own.</param>
public sealed record ShapleySample(IReadOnlyList<string> Columns, double[] Values, double[] Errors, double Baseline, double Prediction)
{
    const int MostExact = 9, RowsAtOnce = 16384;

    /// <summary>Explains one row.</summary>
    /// <param name="predict">One number a row.</param>
    /// <param name="row">A table of one row.</param>
    /// <param name="background">What columns are when they are not known: rows of the same columns.</param>
    /// <param name="columns">Names of the columns; all others stay as in the background.</param>
    /// <param name="orders">At least 2: pairs of orders that are drawn where there are too many columns to be exact.</param>
    /// <param name="seed">Decides the orders.</param>
    public static ShapleySample Of(RowPredictor predict, Table row, Table background, IReadOnlyList<string> columns, int orders, ulong seed)
    {
        if (row.RowCount != 1) throw new ArgumentException($"one row is explained at a time, not {row.RowCount}");
        var game = new Game(predict, row, background, columns);
        return columns.Count <= MostExact ? Exact(game) : Drawn(game, orders, seed);
    }

    static ShapleySample Exact(Game game)
    {
        int m = game.Columns.Count;
        double[] worth = game.Worth([.. Enumerable.Range(0, 1 << m).Select(set => Enumerable.Range(0, m).Select(c => (set >> c & 1) != 0).ToArray())]);
        double[] values = new double[m], share = new double[m]; // share of a set of that size: size! (m - 1 - size)! / m!
        double choices = 1;
        for (int size = 0; size < m; size++)
        {
            share[size] = 1 / (m * choices);
            choices *= (double)(m - 1 - size) / (size + 1);
        }
        for (int set = 0; set < worth.Length; set++)
            for (int c = 0; c < m; c++)
                if ((set >> c & 1) == 0) values[c] += share[System.Numerics.BitOperations.PopCount((uint)set)] * (worth[set | 1 << c] - worth[set]);
        return new(game.Columns, values, new double[m], worth[0], worth[^1]);
    }

    static ShapleySample Drawn(Game game, int orders, ulong seed)
    {
        int m = game.Columns.Count;
        var random = new RandomSource(seed);
        var walks = new List<int[]>();
        for (int i = 0; i < orders; i++)
        {
            int[] order = [.. Enumerable.Range(0, m)];
            random.Child(i).Shuffle<int>(order);
            walks.Add(order);
            walks.Add([.. order.Reverse()]);
        }
        var sets = new List<bool[]> { new bool[m], Enumerable.Repeat(true, m).ToArray() };
        foreach (int[] order in walks)
        {
            var known = new bool[m];
            foreach (int c in order.SkipLast(1))
            {
                known[c] = true;
                sets.Add([.. known]);
            }
        }
        double[] worth = game.Worth(sets), sum = new double[m], squares = new double[m];
        for (int pair = 0, at = 2; pair < orders; pair++)
        {
            var moved = new double[m];
            for (int half = 0; half < 2; half++)
            {
                double before = worth[0];
                int[] order = walks[2 * pair + half];
                for (int i = 0; i < m; i++)
                {
                    double after = i == m - 1 ? worth[1] : worth[at++];
                    moved[order[i]] += (after - before) / 2;
                    before = after;
                }
            }
            for (int c = 0; c < m; c++) (sum[c], squares[c]) = (sum[c] + moved[c], squares[c] + moved[c] * moved[c]);
        }
        double[] values = Array.ConvertAll(sum, total => total / orders);
        double[] errors = [.. values.Select((value, c) => Math.Sqrt(Math.Max(0, squares[c] / orders - value * value) / (orders - 1)))];
        return new(game.Columns, values, errors, worth[0], worth[1]);
    }

    /// <summary>The mean prediction over the background if a set of columns is known.</summary>
    sealed class Game(RowPredictor predict, Table row, Table background, IReadOnlyList<string> columns)
    {
        public IReadOnlyList<string> Columns => columns;

        public double[] Worth(IReadOnlyList<bool[]> sets)
        {
            int n = background.RowCount, atOnce = Math.Max(1, RowsAtOnce / n);
            var worth = new double[sets.Count];
            for (int start = 0; start < sets.Count; start += atOnce)
            {
                int count = Math.Min(atOnce, sets.Count - start), first = start;
                // Row n of the joined columns is the explained one.
                int[] plain = [.. Enumerable.Range(0, count * n).Select(i => i % n)];
                var mixed = background.Take(plain);
                for (int c = 0; c < columns.Count; c++)
                {
                    int number = c;
                    int[] from = [.. plain.Select((own, i) => sets[first + i / n][number] ? n : own)];
                    mixed = mixed.With(ColumnJoin.Of(background[columns[c]], row[columns[c]]).Take(from));
                }
                double[] predictions = predict(mixed);
                for (int i = 0; i < predictions.Length; i++) worth[start + i / n] += predictions[i] / n;
            }
            return worth;
        }
    }
}
