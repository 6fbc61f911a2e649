namespace Tilth.Data;

/// <summary>A level and how many rows have it.</summary>
/// <param name="Name">The level, or "true" or "false".</param>
/// <param name="Rows">At least 1.</param>
public sealed record LevelCount(string Name, int Rows);

/// <summary>What the values of a Number or DateTime column look like; moments are in ticks.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Mean">The mean of the finite values.</param>
/// <param name="StandardDeviation">Their sample standard deviation (n - 1); 0 for a single value.</param>
/// <param name="Quantiles">5, 25, 50, 75 and 95 %, interpolated linearly (Hyndman and Fan's type 7).</param>
/// <param name="Histogram">Finite values in <see cref="ColumnProfile.Bins"/> bins of equal width from the smallest to the largest.</param>
public sealed record NumberProfile(double Min, double Max, double Mean, double StandardDeviation, IReadOnlyList<double> Quantiles, IReadOnlyList<int> Histogram);

/// <summary>What one column of a table looks like, for people who look before they learn.</summary>
public sealed record ColumnProfile
{
    /// <summary>Bins of a histogram.</summary>
    public const int Bins = 20;

    /// <summary>Most levels that are listed.</summary>
    public const int MostLevels = 10;

    /// <summary>A column with a larger share of missing values is a suspect.</summary>
    const double SuspectMissingShare = 0.95;

    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind the schema gives it.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>The role the schema gives it.</summary>
    public required ColumnRole Role { get; init; }

    /// <summary>Rows in the table.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows without a value.</summary>
    public required int Missing { get; init; }

    /// <summary>Different values.</summary>
    public required int Distinct { get; init; }

    /// <summary>For Number and DateTime columns with a value; else null.</summary>
    public NumberProfile? Numbers { get; init; }

    /// <summary>The most frequent levels of Category and Boolean columns, most frequent first.</summary>
    public IReadOnlyList<LevelCount> TopLevels { get; init; } = [];

    /// <summary>What looks odd, one short sentence each: constant, identifier, nearly all missing, the same as another column.</summary>
    public IReadOnlyList<string> Suspects { get; init; } = [];

    /// <summary>Looks at every column of a raw table through its schema.</summary>
    /// <param name="raw">The table as its source gave it.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="workers">Spreads the columns over threads; null for one.</param>
    /// <returns>One profile a column of the schema, in its order.</returns>
    /// <exception cref="SchemaException">The table does not fit the schema.</exception>
    public static IReadOnlyList<ColumnProfile> Of(Table raw, Schema schema, Parallelism.WorkerPool? workers = null)
    {
        var conformed = schema.Conform(raw, []);
        var known = schema.Columns.Where(column => raw.Find(column.Name) is not null).ToList();
        var summaries = new ColumnSummary[known.Count];
        (workers ?? Parallelism.WorkerPool.Single).For(known.Count, i => summaries[i] = ColumnSummary.Of(conformed.Find(known[i].Name) ?? raw[known[i].Name]));

        var firstOf = new Dictionary<ulong, string>();
        var profiles = new ColumnProfile[known.Count];
        for (int i = 0; i < profiles.Length; i++)
        {
            var (column, summary) = (known[i], summaries[i]);
            string? same = summary.Distinct < 2 || firstOf.TryAdd(summary.Content, column.Name) ? null : firstOf[summary.Content];
            profiles[i] = new()
            {
                Name = column.Name, Kind = column.Kind, Role = column.Role, Rows = raw.RowCount,
                Missing = summary.Missing, Distinct = summary.Distinct, Numbers = summary.Numbers, TopLevels = summary.TopLevels,
                Suspects = [.. SuspectsOf(column, summary, raw.RowCount, same)],
            };
        }
        return profiles;
    }

    static IEnumerable<string> SuspectsOf(ColumnSchema column, ColumnSummary summary, int rows, string? same)
    {
        if (summary.Missing == rows) yield return "no values";
        else if (summary.Missing > SuspectMissingShare * rows) yield return "nearly all missing";
        if (summary.Distinct == 1) yield return summary.Missing == 0 ? "constant" : "one value or missing";
        if (column.Role == ColumnRole.Identifier) yield return "identifier";
        if (summary.Numbers is { } numbers && !double.IsFinite(numbers.Max - numbers.Min)) yield return "holds infinite numbers";
        if (same is not null) yield return $"says the same as '{same}'";
    }
}
