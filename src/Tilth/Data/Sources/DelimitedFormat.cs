namespace Tilth.Data.Sources;

/// <summary>How one delimited file is written.</summary>
/// <param name="Delimiter">Between cells.</param>
/// <param name="Quote">Around cells; doubled inside them.</param>
/// <param name="Newline">The last byte of a row: line feed, or carriage return in very old files.</param>
/// <param name="Point">'.' or ','.</param>
/// <param name="Header">Whether the first row holds names.</param>
/// <param name="Names">The columns, made different.</param>
/// <param name="Renamed">What was wrong with the names.</param>
internal sealed record DelimitedFormat(
    byte Delimiter, byte Quote, byte Newline, byte Point, bool Header, IReadOnlyList<string> Names, IReadOnlyList<Problem> Renamed)
{
    /// <summary>The format in words.</summary>
    public string Describe(string encoding)
    {
        string delimiter = Delimiter == '\t' ? "tab" : $"'{(char)Delimiter}'";
        return $"delimited by {delimiter}, quote {(char)Quote}, decimal {(Point == ',' ? "comma" : "point")}, {encoding}, "
            + (Header ? "with a header" : "without a header");
    }

    /// <summary>Names for the columns: blank ones are numbered, repeated ones get "_2", "_3" ...</summary>
    public static (IReadOnlyList<string> Names, IReadOnlyList<Problem> Renamed) MakeDifferent(IReadOnlyList<string> raw, string file)
    {
        var problems = new List<Problem>();
        var taken = raw.Select(name => name.Trim()).ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[raw.Count];
        for (int i = 0; i < names.Length; i++)
        {
            string wanted = raw[i].Trim(), name = wanted.Length == 0 ? $"column{i + 1}" : wanted;
            if (wanted.Length == 0 ? taken.Contains(name) || used.Contains(name) : used.Contains(name))
            {
                string stem = name;
                for (int k = 2; used.Contains(name) || taken.Contains(name); k++) name = $"{stem}_{k}";
            }
            used.Add(names[i] = name);
            if (wanted.Length == 0) problems.Add(new Problem("column-unnamed", $"column {i + 1} of {file} has no name; it is called '{name}'", name));
            else if (name != wanted) problems.Add(new Problem("column-repeated", $"the name '{wanted}' stands twice in {file}; column {i + 1} is called '{name}'", name));
        }
        return (names, problems);
    }
}
