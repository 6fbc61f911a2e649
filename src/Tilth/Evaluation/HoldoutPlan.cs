using Tilth.Data;

namespace Tilth.Evaluation;

/// <summary>
/// Which rows the score comes from. Automatic: below 10,000 rows nothing is sealed and the score is the out-of-fold estimate;
/// above, 10 % of the rows, at most 20,000, are sealed and read once at the end.
/// </summary>
/// <param name="Share">The share of rows to seal; 0 for none.</param>
/// <param name="Folds">Folds over the rows that are not sealed.</param>
public sealed record HoldoutPlan(double Share, int Folds = 5)
{
    /// <summary>From this many rows on some are sealed.</summary>
    public const int SealedFrom = 10_000;

    /// <summary>At most this many rows are sealed by the automatic rule.</summary>
    public const int MostSealed = 20_000;

    /// <summary>The automatic rule for a table of <paramref name="rows"/> rows.</summary>
    public static HoldoutPlan Auto(int rows, int folds = 5) => new(rows < SealedFrom ? 0 : Math.Min(0.1, (double)MostSealed / rows), folds);

    /// <summary>No sealed rows: the score is the out-of-fold estimate.</summary>
    public static HoldoutPlan None(int folds = 5) => new(0, folds);

    /// <summary>Reads "auto", "none", or a share such as "0.2" or "20%".</summary>
    /// <exception cref="LearningException">The text is none of these.</exception>
    public static HoldoutPlan Parse(string text, int rows, int folds = 5)
    {
        string word = text.Trim();
        if (word.Equals("auto", StringComparison.OrdinalIgnoreCase)) return Auto(rows, folds);
        if (word.Equals("none", StringComparison.OrdinalIgnoreCase)) return None(folds);
        bool percent = word.EndsWith('%');
        if (double.TryParse(percent ? word[..^1] : word, System.Globalization.CultureInfo.InvariantCulture, out double share))
        {
            if (percent) share /= 100;
            if (share > 0 && share < 1) return new(share, folds);
        }
        throw new LearningException("holdout", $"the hold-out is '{text}', but must be auto, none, or a share above 0 and below 1 (0.2 or 20%)");
    }

    /// <summary>Divides the rows.</summary>
    /// <param name="keys">Classes, groups and times of the rows.</param>
    /// <param name="seed">Decides the draw.</param>
    /// <exception cref="LearningException">One side would be empty.</exception>
    public SealedRows Divide(SplitKeys keys, ulong seed)
    {
        if (Share == 0) return new([.. Enumerable.Range(0, keys.Rows)], []);
        var fold = Splits.Holdout(keys, Share, seed);
        return new(fold.Train, fold.Test);
    }
}

/// <summary>The outcome of a <see cref="HoldoutPlan"/>: rows to search and learn with, and rows that nothing reads before the end.</summary>
/// <param name="Open">Ascending row numbers.</param>
/// <param name="Sealed">Ascending row numbers; empty if the score is the out-of-fold estimate.</param>
public sealed record SealedRows(int[] Open, int[] Sealed)
{
    /// <summary>What <see cref="EvaluationOptions.RowsFrom"/> says of the score.</summary>
    public string RowsFrom => Sealed.Length > 0 ? "sealed hold-out" : EvaluationOptions.OutOfFold;
}
