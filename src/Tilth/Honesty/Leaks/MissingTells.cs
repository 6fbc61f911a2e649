using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Leaks;

/// <summary>Whether having no value tells the target: a column that somebody fills in once the outcome is known.</summary>
internal static class MissingTells
{
    const int FewestRows = 10;
    const double SureLog = -14, Strong = 0.85, MostOfOneEnd = 0.67;

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
        for (int k = 0; k < classes; k++)
        {
            double rows = with[k] + without[k], others = filled + missing - rows, share = with[k] / rows, rest = (filled - with[k]) / others;
            if (rows < FewestRows || others < FewestRows) continue;
            if (with[k] == 0 && rows * Elementary.Log((double)missing / (filled + missing)) < SureLog)
                return ($"it is never filled where '{column}' is '{target.Schema.Classes[k]}' ({rows:N0} rows), but in {rest:P0} of the others", false);
            if (Math.Abs(share - rest) >= Strong)
                return ($"it is filled in {share:P0} of the rows where '{column}' is '{target.Schema.Classes[k]}' and in {rest:P0} of the others", false);
        }
        return null;
    }

    /// <summary>Filled and missing rows stand apart in the order of the target, or one of them at one end of it only.</summary>
    static (string, bool)? OfNumbers(ColumnCells cells, Target target)
    {
        double[] y = target.Values, ranks = TargetRanks.Of(target).Values;
        double[] with = [.. y.Where((_, row) => cells.Codes[row] >= 0).Order()], without = [.. y.Where((_, row) => cells.Codes[row] < 0).Order()];
        string column = target.Schema.Column;
        if (with[^1] < without[0] || without[^1] < with[0])
            return ($"it is filled exactly where '{column}' is from {with[0]:G5} to {with[^1]:G5}, and empty everywhere else", true);
        foreach (var (own, what) in (IEnumerable<(double[], string)>)[(with, "filled"), (without, "empty")])
        {
            double above = (double)y.Count(v => v >= own[0]) / y.Length, below = (double)y.Count(v => v <= own[^1]) / y.Length;
            if (Math.Min(above, below) > MostOfOneEnd || own.Length * Elementary.Log(Math.Min(above, below)) > SureLog) continue;
            return ($"it is {what} only where '{column}' is {(above < below ? $"at least {own[0]:G5}" : $"at most {own[^1]:G5}")}, which is so in {Math.Min(above, below):P0} of all rows", false);
        }
        // Mann and Whitney: how often a filled row has the larger target.
        double sum = 0;
        for (int row = 0; row < y.Length; row++)
            if (cells.Codes[row] >= 0) sum += ranks[row] * y.Length;
        double wins = (sum - with.Length * (double)with.Length / 2) / ((double)with.Length * without.Length);
        return Math.Abs(2 * wins - 1) < Strong ? null : ($"rows with a value have the {(wins > 0.5 ? "larger" : "smaller")} '{column}' in {Math.Max(wins, 1 - wins):P0} of all pairs with a row without one", false);
    }
}
