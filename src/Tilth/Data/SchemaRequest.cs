namespace Tilth.Data;

/// <summary>What the user says about one column; what is null is inferred.</summary>
public sealed record ColumnOverride
{
    /// <summary>The kind its values are brought to.</summary>
    public ColumnKind? Kind { get; init; }

    /// <summary>What it is for.</summary>
    public ColumnRole? Role { get; init; }

    /// <summary>How its values are written.</summary>
    public ValueFormat? Format { get; init; }
}

/// <summary>What the user says about a table before its schema is inferred; the user's word always wins.</summary>
public sealed record SchemaRequest
{
    /// <summary>The column to foresee; null to infer columns only.</summary>
    public string? Target { get; init; }

    /// <summary>Binary, multiclass or regression; null to infer it from the target's values.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>The class whose probability is given for a binary target; null for the rarer one.</summary>
    public string? Positive { get; init; }

    /// <summary>What is known of single columns, by name.</summary>
    public IReadOnlyDictionary<string, ColumnOverride> Overrides { get; init; } = new Dictionary<string, ColumnOverride>();

    /// <summary>Columns that name the row.</summary>
    public IReadOnlyList<string> Identifiers { get; init; } = [];

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The column that says how much a row counts.</summary>
    public string? Weight { get; init; }

    /// <summary>The column whose equal values never stand on both sides of a split.</summary>
    public string? Group { get; init; }

    /// <summary>The column that says when a row happened.</summary>
    public string? Time { get; init; }

    /// <summary>What reading the table found (layout, words for "no value"); goes into the decision log before the rest.</summary>
    public IReadOnlyList<Decision> Reading { get; init; } = [];

    /// <summary>
    /// A request that repeats the kinds, roles, formats and target of a schema that was written and perhaps edited; levels and
    /// ranges are taken from the table again.
    /// </summary>
    public static SchemaRequest From(Schema schema) => new()
    {
        Target = schema.Target?.Column,
        Task = schema.Target?.Task,
        Positive = schema.Target is { Task: TaskKind.Binary, Classes: [_, var positive] } ? positive : null,
        Overrides = schema.Columns.ToDictionary(column => column.Name,
            column => new ColumnOverride { Kind = column.Kind, Role = column.Role, Format = column.Format }),
    };

    /// <summary>The override of a column with the named roles folded in.</summary>
    internal ColumnOverride For(string column)
    {
        var found = Overrides.GetValueOrDefault(column) ?? new ColumnOverride();
        ColumnRole? role = column == Target ? ColumnRole.Target
            : column == Weight ? ColumnRole.Weight
            : column == Group ? ColumnRole.Group
            : column == Time ? ColumnRole.Time
            : Identifiers.Contains(column) ? ColumnRole.Identifier
            : Ignored.Contains(column) ? ColumnRole.Ignored
            : found.Role == ColumnRole.Target ? ColumnRole.Feature
            : null;
        return role is null ? found : found with { Role = role };
    }

    /// <summary>Every column that the request names, with the option that names it.</summary>
    internal IEnumerable<(string Column, string Option)> Named()
    {
        if (Target is not null) yield return (Target, "target");
        if (Weight is not null) yield return (Weight, "weight");
        if (Group is not null) yield return (Group, "group");
        if (Time is not null) yield return (Time, "time");
        foreach (string name in Identifiers) yield return (name, "identifier");
        foreach (string name in Ignored) yield return (name, "ignored");
        foreach (string name in Overrides.Keys) yield return (name, "override");
    }
}
