namespace Tilth.Data;

/// <summary>What a column is for.</summary>
public enum ColumnRole
{
    /// <summary>The model may learn from it.</summary>
    Feature,
    /// <summary>What is foreseen.</summary>
    Target,
    /// <summary>Names the row; kept beside predictions, never learned from.</summary>
    Identifier,
    /// <summary>How much the row counts.</summary>
    Weight,
    /// <summary>Rows of one group never stand on both sides of a split.</summary>
    Group,
    /// <summary>When the row happened; orders the split.</summary>
    Time,
    /// <summary>Left out, with the reason in the decision log.</summary>
    Ignored,
}

/// <summary>How the values of a column are written where they come as text.</summary>
public sealed record ValueFormat
{
    /// <summary>"1.234,5" instead of "1,234.5".</summary>
    public bool DecimalComma { get; init; }

    /// <summary>A sign or code before or after each number that is not part of it ("$", "EUR", "%", "kg"); null for none.</summary>
    public string? Affix { get; init; }

    /// <summary>The date pattern in .NET's notation ("dd.MM.yyyy"), or null for ISO 8601.</summary>
    public string? DatePattern { get; init; }

    /// <summary>The word for true; null unless the column is Boolean and written in words.</summary>
    public string? TrueWord { get; init; }

    /// <summary>The word for false.</summary>
    public string? FalseWord { get; init; }

    /// <summary>Texts that mean "no value" beside the empty one ("?", "NA"); compared by ordinal after trimming.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = [];
}

/// <summary>What is known of one column: how its values are written, what they mean, and what they were in training.</summary>
public sealed record ColumnSchema
{
    /// <summary>The column's name in the table.</summary>
    public required string Name { get; init; }

    /// <summary>The kind its values are brought to.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>What it is for.</summary>
    public ColumnRole Role { get; init; } = ColumnRole.Feature;

    /// <summary>How values that come as text are read.</summary>
    public ValueFormat Format { get; init; } = new();

    /// <summary>The levels of a category, as seen in training; empty for other kinds.</summary>
    public LevelSet Levels { get; init; } = LevelSet.Empty;

    /// <summary>The smallest training value (ticks for dates); NaN where there is none.</summary>
    public double Min { get; init; } = double.NaN;

    /// <summary>The largest training value (ticks for dates); NaN where there is none.</summary>
    public double Max { get; init; } = double.NaN;
}

/// <summary>What is foreseen.</summary>
public sealed record TargetSchema
{
    /// <summary>The target's column.</summary>
    public required string Column { get; init; }

    /// <summary>Binary, multiclass or regression.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>Class names; for a binary target the negative one, then the positive one. Empty for regression.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Outputs of a model: 1 for binary and regression, one a class for multiclass.</summary>
    public int OutputCount => Task == TaskKind.Multiclass ? Classes.Count : 1;
}

/// <summary>What the columns of a table mean. The same schema reads the training table and every later one.</summary>
public sealed record Schema
{
    /// <summary>Every known column, in the order of the training table.</summary>
    public required IReadOnlyList<ColumnSchema> Columns { get; init; }

    /// <summary>What is foreseen; null before a target is chosen.</summary>
    public TargetSchema? Target { get; init; }

    /// <summary>The columns that the model may learn from, in order.</summary>
    public IEnumerable<ColumnSchema> Features => Columns.Where(column => column.Role == ColumnRole.Feature);

    /// <summary>The column of that name, or null.</summary>
    public ColumnSchema? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <summary>
    /// Brings a raw table to this schema's kinds and level codes. The result has the schema's columns in the schema's order,
    /// without those that are ignored, unknown to the schema, or absent and neither feature nor required target.
    /// </summary>
    /// <param name="raw">Any table, or one that was conformed before.</param>
    /// <param name="warnings">Gets what counts as missing because it is unseen or unreadable: one a column.</param>
    /// <param name="targetRequired">True if the target's column must be there.</param>
    /// <exception cref="SchemaException">Feature columns are absent, or more than half of a column cannot be read; all such problems.</exception>
    public Table Conform(Table raw, ICollection<Problem> warnings, bool targetRequired = false)
        => TableConformer.Conform(this, raw, warnings, targetRequired);

    /// <summary>
    /// The same schema without the names of levels that fewer than <paramref name="least"/> rows have; their codes and hashes
    /// stay, so that it reads tables as before. The classes of the target keep their names.
    /// </summary>
    /// <param name="conformed">The training table, conformed to this schema.</param>
    /// <param name="least">Rows that a level needs to keep its name.</param>
    public Schema WithholdRareLevels(Table conformed, int least = 10)
        => this with { Columns = [.. Columns.Select(column => WithholdRareLevels(column, conformed.Find(column.Name), least))] };

    static ColumnSchema WithholdRareLevels(ColumnSchema column, Column? values, int least)
    {
        if (column.Role == ColumnRole.Target || column.Kind != ColumnKind.Category) return column;
        var counts = new int[column.Levels.Count];
        if (values is CategoryColumn category)
            foreach (int code in category.Codes.Span)
                if (code >= 0) counts[code]++;
        return column with { Levels = column.Levels.Withhold(code => counts[code] >= least) };
    }
}
