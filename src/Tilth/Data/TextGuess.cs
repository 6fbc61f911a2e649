namespace Tilth.Data;

/// <summary>Takes a column of texts for numbers, dates, truth values, levels, identifiers or free text, in that order of care.</summary>
internal static class TextGuess
{
    /// <summary>Share of texts that must read as numbers or dates where there are at least <see cref="ToleranceDistinct"/> different ones.</summary>
    const double ReadableShare = 0.97;
    const int ToleranceDistinct = 10;

    /// <summary>Share of digits with a leading 0 from which they are codes if their lengths differ: fewer are slips of the pen.</summary>
    const double PaddedShare = 0.01;

    static readonly (string True, string False)[] Words =
    [
        ("yes", "no"), ("true", "false"), ("y", "n"), ("t", "f"), ("on", "off"), ("1", "0"), ("ja", "nein"), ("oui", "non"),
        ("si", "no"), ("sí", "no"), ("sim", "não"), ("da", "net"), ("tak", "nie"), ("vrai", "faux"), ("wahr", "falsch"),
    ];

    public static ColumnGuess Of(string name, TextEvidence e, int rows)
    {
        if (e.Present == 0 && !KeepsSigns(e))
            return new(ColumnKind.Category, ColumnRole.Ignored, new(), "ignored: no values", $"all {rows} rows are missing{MarkerWords(e)}");
        return AsFlags(e) ?? AsNumbers(e) ?? AsDates(e) ?? AsWords(name, e, rows);
    }

    /// <summary>The format of a kind that the user chose.</summary>
    public static ValueFormat FormatFor(ColumnKind kind, TextEvidence e) => kind switch
    {
        ColumnKind.Boolean => AsFlags(e)?.Format ?? new() { MissingMarkers = Markers(e, weak: true) },
        ColumnKind.Number => new()
        {
            DecimalComma = e.CommaNumbers > e.PointNumbers,
            Affix = e.Affixes.Count == 0 ? null : e.Affixes.MaxBy(affix => affix.Value).Key,
            MissingMarkers = Markers(e, weak: true),
        },
        ColumnKind.DateTime => DateFormat(e),
        _ => new() { MissingMarkers = Markers(e, weak: false) },
    };

    static ColumnGuess? AsFlags(TextEvidence e)
    {
        if (e.FewWords is not { } found) return null;
        var different = found.Keys.Where(word => !MissingWords.IsStandard(word)).Select(word => word.ToLowerInvariant()).Distinct().ToList();
        if (different.Count != 2) return null;
        foreach (var (yes, no) in Words)
        {
            if (!different.Contains(yes) || !different.Contains(no)) continue;
            string Written(string word) => found.Where(pair => pair.Key.Equals(word, StringComparison.OrdinalIgnoreCase)).MaxBy(pair => pair.Value).Key;
            string trueWord = Written(yes), falseWord = Written(no);
            return new(ColumnKind.Boolean, ColumnRole.Feature,
                new() { TrueWord = trueWord, FalseWord = falseWord, MissingMarkers = Markers(e, weak: true) },
                "true or false", $"all {e.Present - e.WeakMarkers} values are '{trueWord}' or '{falseWord}'{MarkerWords(e)}");
        }
        return null;
    }

    static ColumnGuess? AsNumbers(TextEvidence e)
    {
        long present = e.Present - e.WeakMarkers, read = Math.Max(e.PointNumbers, e.CommaNumbers);
        if (!IsEnough(read, present, e.Distinct) || AreCodes(e)) return null;
        var affixes = e.Affixes.Keys.Select(affix => affix.ToLowerInvariant()).Distinct().ToList();
        if (affixes.Count > 1) return null;
        bool unit = affixes is [var only] && char.IsLetter(only[0]) && only.Length != 3;
        if (unit && (e.Affixes.Values.Sum() < 0.9 * read || e.Distinct < 3)) return null;
        bool comma = e.CommaNumbers > e.PointNumbers;
        string? sign = e.Affixes.Count == 0 ? null : e.Affixes.MaxBy(affix => affix.Value).Key;
        string how = (comma ? " with a decimal comma" : "") + (sign is null ? "" : $" with '{sign}'");
        return new(ColumnKind.Number, ColumnRole.Feature, FormatFor(ColumnKind.Number, e), $"numbers written as text{how}",
            $"{read} of {present} values read so{(read < present ? $"; the others ('{e.NotNumber}') count as missing" : "")}{MarkerWords(e)}");
    }

    /// <summary>Digits that lose something as numbers: 00501, 007.</summary>
    static bool AreCodes(TextEvidence e)
        => e.PaddedDigits > 0 && e.Digits >= ReadableShare * (e.Present - e.WeakMarkers) && (e.OneWidth || e.PaddedDigits >= PaddedShare * e.Digits);

    static ColumnGuess? AsDates(TextEvidence e)
    {
        long present = e.Present - e.WeakMarkers;
        var (pattern, read, other) = e.BestDate();
        if (!IsEnough(read, present, e.Distinct)) return null;
        string doubt = other is null ? "" : $"; '{other}' reads as many, so say which it is if this is wrong";
        return new(ColumnKind.DateTime, ColumnRole.Feature, DateFormat(e), $"dates written as {pattern}",
            $"{read} of {present} values read so{doubt}{MarkerWords(e)}");
    }

    static ColumnGuess AsWords(string name, TextEvidence e, int rows)
    {
        var format = FormatFor(ColumnKind.Category, e);
        ColumnGuess Guess(ColumnKind kind, ColumnRole role, string? choice, string why) => new(kind, role, format, choice, why + MarkerWords(e));

        double words = (double)e.Words / Math.Max(1, e.Present), share = (double)e.Distinct / Math.Max(1, e.Present);
        string different = $"{e.Distinct} different texts of {(words < 1.05 ? "one word" : $"{words:0.#} words")} in {e.Present} rows";
        bool codes = AreCodes(e);
        if (codes) different += $"; {e.PaddedDigits} begin with 0 ('{e.Padded}'), as codes do and amounts do not";
        if (e.Distinct == 1 && e.Present == rows && rows > 1 && !KeepsSigns(e))
            return Guess(ColumnKind.Category, ColumnRole.Ignored, "ignored: constant", $"all {rows} rows hold the same text");
        if (e.Distinct == e.Present && e.Present >= 20 && words < 1.01 && (e.CodeLike >= 0.9 * e.Present || ColumnNames.SuggestsIdentifier(name)))
            return Guess(ColumnKind.Text, ColumnRole.Identifier, "identifier", $"{different}: none repeats, and they look like codes");
        bool text = e.Distinct > 20 && (share > 0.5 || (words >= 2 && share > 0.3) || (words >= 5 && share > 0.05));
        return text
            ? Guess(ColumnKind.Text, ColumnRole.Feature, codes ? "text: codes" : "free text", different)
            : Guess(ColumnKind.Category, ColumnRole.Feature, codes ? "category: codes" : format.MissingMarkers.Count > 0 || e.Distinct > 50 ? "category" : null, different);
    }

    static ValueFormat DateFormat(TextEvidence e)
        => new() { DatePattern = e.BestDate().Pattern is var pattern && pattern == "yyyy-MM-dd" ? null : pattern, MissingMarkers = Markers(e, weak: true) };

    static bool IsEnough(long read, long present, int distinct)
        => present > 0 && (read == present || (read >= ReadableShare * present && distinct >= ToleranceDistinct));

    /// <summary>The markers that were seen, without those that are levels here: "-" beside "+", "NA" among country codes.</summary>
    static IReadOnlyList<string> Markers(TextEvidence e, bool weak)
    {
        var seen = e.Markers.Keys.Where(marker => marker.Length > 0);
        if (!weak) seen = seen.Where(marker => !(marker == "-" && KeepsSigns(e)) && !(marker == "NA" && IsCountryCodes(e)));
        else if (e.FewWords is { } few) seen = seen.Concat(few.Keys.Where(word => MissingWords.IsStandard(word)));
        return [.. seen.Order(StringComparer.Ordinal)];
    }

    static bool KeepsSigns(TextEvidence e) => e.FewWords is { } few && few.ContainsKey("+") && e.Markers.ContainsKey("-");

    static bool IsCountryCodes(TextEvidence e) => e.Distinct >= 15 && e.TwoCapitals >= 0.95 * e.Present;

    static string MarkerWords(TextEvidence e)
        => e.Markers.Count == 0 ? "" : "; missing: " + string.Join(", ", e.Markers.OrderByDescending(m => m.Value).ThenBy(m => m.Key, StringComparer.Ordinal)
            .Take(5).Select(marker => $"{marker.Value} times {(marker.Key.Length == 0 ? "blank" : $"'{marker.Key}'")}"));
}
