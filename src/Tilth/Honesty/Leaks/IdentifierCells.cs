using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>What names of rows may give away: the order of their numbers, and the letters before them.</summary>
internal static class IdentifierCells
{
    const int Bins = 20;

    /// <summary>The better of what the number in the identifier and the text around it foresee.</summary>
    public static double Strength(Column column, ColumnCells exact, int[] rows, Target target, ulong seed)
    {
        if (column is not TextColumn and not CategoryColumn) return ColumnStrength.Of(Coarse(exact), target, seed);
        var numbers = new double[rows.Length];
        var prefixes = new string?[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            string text = column.Format(rows[i]) ?? "";
            string digits = string.Concat(text.Where(char.IsAsciiDigit).Take(15));
            numbers[i] = digits.Length == 0 ? double.NaN : long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
            prefixes[i] = string.Concat(text.TakeWhile(c => !char.IsAsciiDigit(c)).Take(20));
        }
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        var byNumber = Coarse(ColumnCells.Exact(new NumberColumn("", numbers), all));
        var byPrefix = ColumnCells.Exact(TextColumn.From("", prefixes), all);
        return Math.Max(ColumnStrength.Of(byNumber, target, seed), byPrefix.Count < rows.Length / 2 ? ColumnStrength.Of(byPrefix, target, seed) : 0);
    }

    /// <summary>Whole numbers without gaps worth the name, each once.</summary>
    public static bool NumbersRows(ColumnCells exact, double[]? numbers)
    {
        if (numbers is null || exact.Distinct < numbers.Length || numbers.Any(value => value != Math.Floor(value))) return false;
        return numbers.Max() - numbers.Min() < 4.0 * numbers.Length;
    }

    static ColumnCells Coarse(ColumnCells exact)
    {
        if (!exact.Ordered || exact.Count <= Bins) return exact;
        return new(Array.ConvertAll(exact.Codes, code => code < 0 ? -1 : (int)((long)code * Bins / exact.Count)), Bins, true, exact.Distinct);
    }
}
