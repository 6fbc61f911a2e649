namespace Tilth.Data;

/// <summary>What a column was taken for.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Role">Feature, Identifier or Ignored.</param>
/// <param name="Format">How its texts are read.</param>
/// <param name="Choice">The guess in words, or null where there was nothing to decide.</param>
/// <param name="Evidence">Why.</param>
internal sealed record ColumnGuess(ColumnKind Kind, ColumnRole Role, ValueFormat Format, string? Choice, string Evidence)
{
    /// <summary>Guesses kind, role and format from every value of a raw column.</summary>
    public static ColumnGuess Of(Column column) => column switch
    {
        NumberColumn numbers => OfNumbers(numbers),
        CategoryColumn or TextColumn => TextGuess.Of(column.Name, TextEvidence.Of(column), column.Count),
        _ => new ColumnGuess(column.Kind, ColumnRole.Feature, new(), null, "typed by its source"),
    };

    static ColumnGuess OfNumbers(NumberColumn column)
    {
        var evidence = NumberEvidence.Of(column.Values.Span);
        var format = new ValueFormat();
        ColumnGuess Guess(ColumnKind kind, ColumnRole role, string? choice, string why) => new(kind, role, format, choice, why);

        if (evidence.Present == 0) return Guess(ColumnKind.Number, ColumnRole.Ignored, "ignored: no values", $"all {column.Count} rows are missing");
        if (evidence.Min == evidence.Max && evidence.Present == column.Count && column.Count > 1)
            return Guess(ColumnKind.Number, ColumnRole.Ignored, "ignored: constant", $"all {column.Count} rows are {column.Format(0)}");
        if (!evidence.Whole) return Guess(ColumnKind.Number, ColumnRole.Feature, null, "");

        string different = $"{evidence.Distinct} different whole numbers in {evidence.Present} rows, from {evidence.Min:0} to {evidence.Max:0}";
        bool clock = ColumnNames.SuggestsClock(column.Name);
        if (evidence.IsCompactDate)
        {
            format = format with { DatePattern = "yyyyMMdd" };
            return Guess(ColumnKind.DateTime, ColumnRole.Feature, "dates written as yyyyMMdd", $"{different}, and each is a valid date");
        }
        bool unique = evidence.Distinct == evidence.Present && evidence.Present >= 20;
        if (!clock && (evidence.IsUniqueBeyondChance || (unique && ColumnNames.SuggestsIdentifier(column.Name))))
            return Guess(ColumnKind.Number, ColumnRole.Identifier, "identifier",
                $"{different}: none repeats{(evidence.Ascending ? ", ascending" : "")}");
        if (!clock && ColumnNames.SuggestsKey(column.Name) && evidence.Min >= 0 && evidence.Distinct >= 3 && evidence.Present >= 2L * evidence.Distinct)
            return Guess(ColumnKind.Category, ColumnRole.Feature, "category: codes", $"the name ends like a key's; {different}");
        if (!clock && evidence.LooksLikeKeys)
            return Guess(ColumnKind.Category, ColumnRole.Feature, "category: codes",
                $"{different}: sparse, repeated, no rounder than chance, with counts that jump between neighbours as no amount's do");
        return Guess(ColumnKind.Number, ColumnRole.Feature, null, "");
    }
}
