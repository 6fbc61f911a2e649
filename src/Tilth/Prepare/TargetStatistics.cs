using Tilth.Data;

namespace Tilth.Prepare;

/// <summary>
/// Target encoding: a level becomes the mean of the target over its rows, drawn towards the overall mean as if that had
/// been seen <see cref="PriorRows"/> times more (Micci-Barreca, 2001). Rows that are learned from get the mean of the other
/// folds. Missing is a level like any other; an unknown level gets what missing has, or else the overall mean.
/// </summary>
internal static class TargetStatistics
{
    public const double PriorRows = 10;

    public static ColumnRecipe Of(ColumnSchema schema, CategoryColumn column, int[] rows, TargetFolds labels, LevelCounts levels, bool withCount)
    {
        var fitted = labels.Outputs.Select(output => (output.Name, Statistic: Fit(column.Codes.Span, column.Levels.Count, rows, labels.Fold, output.Values))).ToList();
        return (draft, _) =>
        {
            int input = draft.Input(schema);
            foreach (var (name, statistic) in fitted)
            {
                int register = draft.NewNumbers();
                draft.Add(new LookupStep(input, register, statistic.Values[..^1], statistic.Values[^1]));
                draft.ReplaceOutOfFold(register, statistic.OutOfFold);
                draft.AddNumber($"{schema.Name}: target{name}", [schema.Name], register);
            }
            if (!withCount) return;
            int count = draft.NewNumbers();
            draft.Add(new LookupStep(input, count, Array.ConvertAll(levels.Counts, rows => (double)rows), levels.Missing));
            draft.AddNumber($"{schema.Name}: rows", [schema.Name], count);
        };
    }

    /// <summary>One output's statistics.</summary>
    /// <param name="codes">The level of each row of the table, below 0 for missing.</param>
    /// <param name="levels">Number of levels.</param>
    /// <param name="rows">Rows to learn from.</param>
    /// <param name="fold">The fold of each of them.</param>
    /// <param name="y">The target of each of them.</param>
    /// <returns>A value a level, the last for missing; and a value a row of the table, NaN where the row was not learned from.</returns>
    internal static (double[] Values, double[] OutOfFold) Fit(ReadOnlySpan<int> codes, int levels, int[] rows, byte[] fold, double[] y)
    {
        int size = levels + 1;
        var sums = new double[size * TargetFolds.Count];
        var counts = new int[size * TargetFolds.Count];
        double mean = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int cell = Level(codes[rows[i]], size) * TargetFolds.Count + fold[i];
            sums[cell] += y[i];
            counts[cell]++;
            mean += y[i];
        }
        mean /= rows.Length;
        var values = new double[size];
        for (int level = 0; level < size; level++) values[level] = Encode(level, -1);
        var outOfFold = new double[codes.Length];
        Array.Fill(outOfFold, double.NaN);
        for (int i = 0; i < rows.Length; i++) outOfFold[rows[i]] = Encode(Level(codes[rows[i]], size), fold[i]);
        return (values, outOfFold);

        double Encode(int level, int without)
        {
            double sum = 0, count = 0;
            for (int f = 0; f < TargetFolds.Count; f++)
            {
                if (f == without) continue;
                sum += sums[level * TargetFolds.Count + f];
                count += counts[level * TargetFolds.Count + f];
            }
            return (sum + PriorRows * mean) / (count + PriorRows);
        }
    }

    static int Level(int code, int size) => code < 0 ? size - 1 : code;
}
