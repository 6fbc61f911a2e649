using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Leaks;

/// <summary>Whether having no value tells the target: a column that somebody fills in once the outcome is known.</summary>
internal static class MissingTells
{
    const int FewestRows = 10;
    const double SureLog = -14, Strong = 0.85;

    /// <summary>The sentence, and whether missing and filled divide the target without exception; null if there is nothing.</summary>
    public static (string Sentence, bool Exact)? Find(ColumnCells cells, Target target)
    {
        int missing = cells.Codes.Count(code => code < 0), filled = cells.Codes.Length - missing;
        if (missing < FewestRows || filled < FewestRows) return null;
        return target.Task == TaskKind.Regression ? OfNumbers(cells, target) : OfClasses(cells, target, missing, filled);
    }

    static (string, bool)? OfClasses(ColumnCells cells, Target target, int missing, int filled)
    {
        int classes = target.ClassCount;
        double[] with = new double[classes], without = new double[classes];
        for (int row = 0; row < cells.Codes.Length; row++) (cells.Codes[row] < 0 ? without : with)[(int)target.Values[row]]++;
        string column = target.Schema.Column;
        string NameOf(double[] side) => string.Join(" or ", Enumerable.Range(0, classes).Where(k => side[k] > 0).Take(3).Select(k => $"'{target.Schema.Classes[k]}'"));
        if (Enumerable.Range(0, classes).All(k => with[k] == 0 || without[k] == 0))
            return ($"it is filled exactly where '{column}' is {NameOf(with)} ({filled:N0} rows) and empty everywhere else ({missing:N0} rows)", true);
        for (int k = 0; k < classes; k++)
        {
            double log = Elementary.Log((with[k] + without[k]) / (filled + missing));
            if (with[k] == filled && filled * log < SureLog) return ($"it is filled only where '{column}' is '{target.Schema.Classes[k]}': in all {filled:N0} rows that have a value", false);
            if (without[k] == missing && missing * log < SureLog) return ($"it is empty only where '{column}' is '{target.Schema.Classes[k]}': in all {missing:N0} rows without a value", false);
        }
        if (target.Task != TaskKind.Binary) return null;
        double difference = with[1] / (with[1] + without[1]) - with[0] / (with[0] + without[0]);
        return Math.Abs(difference) < Strong ? null
            : ($"it is filled in {with[1] / (with[1] + without[1]):P0} of the rows where '{column}' is '{target.Schema.Classes[1]}' and in {with[0] / (with[0] + without[0]):P0} of the others", false);
    }

    static (string, bool)? OfNumbers(ColumnCells cells, Target target)
    {
        double lowWith = double.PositiveInfinity, highWith = double.NegativeInfinity, lowWithout = lowWith, highWithout = highWith;
        for (int row = 0; row < cells.Codes.Length; row++)
        {
            double y = target.Values[row];
            if (cells.Codes[row] < 0) (lowWithout, highWithout) = (Math.Min(lowWithout, y), Math.Max(highWithout, y));
            else (lowWith, highWith) = (Math.Min(lowWith, y), Math.Max(highWith, y));
        }
        bool apart = highWith < lowWithout || highWithout < lowWith;
        return apart ? ($"it is filled exactly where '{target.Schema.Column}' is from {lowWith:G5} to {highWith:G5}, and empty everywhere else", true) : null;
    }
}
