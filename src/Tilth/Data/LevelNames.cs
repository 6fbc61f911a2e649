using System.Globalization;

namespace Tilth.Data;

/// <summary>
/// The levels of a category in an order that does not depend on the order of the rows: by value if all are numbers, else by
/// ordinal.
/// </summary>
internal static class LevelNames
{
    /// <summary>The different trimmed texts of a raw column, without its missing markers.</summary>
    public static LevelSet Of(Column raw, ColumnSchema column)
    {
        var reader = new CellReader(column with { Kind = ColumnKind.Text });
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (raw is CategoryColumn category)
        {
            var used = new bool[category.Levels.Count];
            foreach (int code in category.Codes.Span)
                if (code >= 0) used[code] = true;
            for (int level = 0; level < used.Length; level++)
                if (used[level]) names.Add(category.Levels.NameOf(level).Trim());
        }
        else
        {
            for (int row = 0; row < raw.Count; row++)
                if (raw.Format(row) is { } text) names.Add(text.Trim());
        }
        names.RemoveWhere(name => reader.IsMissingText(name));
        return new LevelSet(Sort(names));
    }

    /// <summary>By value if all are numbers, else by ordinal.</summary>
    public static string[] Sort(IReadOnlyCollection<string> names)
    {
        var byValue = new List<(double Value, string Name)>(names.Count);
        foreach (string name in names)
            if (double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsNaN(value)) byValue.Add((value, name));
            else return [.. names.Order(StringComparer.Ordinal)];
        return [.. byValue.OrderBy(pair => pair.Value).ThenBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => pair.Name)];
    }
}
