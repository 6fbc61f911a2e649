namespace Tilth.Data;

/// <summary>Finds what somebody meant to type.</summary>
internal static class Spelling
{
    /// <summary>The name that differs by case or by at most a third of its letters, or null.</summary>
    public static string? Nearest(string typed, IEnumerable<string> names)
    {
        string? nearest = null;
        int best = int.MaxValue;
        foreach (string name in names)
        {
            if (string.Equals(name, typed, StringComparison.OrdinalIgnoreCase)) return name;
            int distance = Distance(typed.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < best) (best, nearest) = (distance, name);
        }
        return best <= Math.Max(1, typed.Length / 3) ? nearest : null;
    }

    /// <summary>Names for a sentence: the first ten in quotes, then how many more there are.</summary>
    public static string List(IEnumerable<string> names, int most = 10)
    {
        var all = names.ToList();
        string shown = string.Join(", ", all.Take(most).Select(name => $"'{name}'"));
        return all.Count > most ? $"{shown} and {all.Count - most} more" : shown;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        for (int j = 1; j <= b.Length; j++)
        {
            int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
        }
        return d[a.Length, b.Length];
    }
}
