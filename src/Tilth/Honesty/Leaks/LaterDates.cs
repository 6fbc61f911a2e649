using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>Columns of dates that lie after the moment at which the prediction is made: nobody can know them then.</summary>
public static class LaterDates
{
    const double LaterShare = 0.01;
    const int FewestLater = 3;

    /// <summary>Every column that holds later dates; left out unless it is kept.</summary>
    /// <param name="schema">Of the table.</param>
    /// <param name="conformed">Rows that may be learned from, and others.</param>
    /// <param name="rows">The rows that may be looked at.</param>
    /// <param name="knownAt">The column that says when the prediction is made.</param>
    /// <param name="keep">Columns that are kept whatever is found.</param>
    /// <exception cref="SchemaException"><paramref name="knownAt"/> holds no dates.</exception>
    public static IReadOnlyList<Suspicion> Look(Schema schema, Table conformed, int[] rows, string knownAt, IReadOnlyCollection<string> keep)
    {
        if (conformed.Find(knownAt) is not DateTimeColumn made) throw new SchemaException("known-at-kind", $"--known-at '{knownAt}' must be a column of dates, but it is {schema.Find(knownAt)?.Kind.ToString().ToLowerInvariant() ?? "not there"}");
        var found = new List<Suspicion>();
        foreach (var column in schema.Features)
        {
            if (column.Name == knownAt || conformed[column.Name] is not DateTimeColumn dates) continue;
            int[] both = [.. rows.Where(row => !dates.IsMissing(row) && !made.IsMissing(row))];
            int later = both.Count(row => dates.Ticks.Span[row] > made.Ticks.Span[row]);
            if (later < FewestLater || later < LaterShare * both.Length) continue;
            bool kept = keep.Contains(column.Name);
            found.Add(new(LeakKind.LaterDate, column.Name, !kept, FormattableString.Invariant($"'{column.Name}' lies after '{knownAt}', when the prediction is made, in {later:N0} of {both.Length:N0} rows"),
                kept ? "It is kept, as asked with --keep." : $"It is left out; --keep {column.Name} keeps it."));
        }
        return found;
    }
}
