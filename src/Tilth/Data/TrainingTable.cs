using Tilth.Fitting;

namespace Tilth.Data;

/// <summary>A raw table brought to the form that everything after it reads: typed columns, and a target in every row.</summary>
/// <param name="Schema">What the columns mean.</param>
/// <param name="Table">The rows that have a target, in the schema's kinds.</param>
/// <param name="Target">One value a row.</param>
/// <param name="Weights">One a row, or null if each counts 1.</param>
/// <param name="Keys">What decides on which side of a split a row may stand.</param>
internal sealed record TrainingTable(Schema Schema, Table Table, Target Target, double[]? Weights, SplitKeys Keys)
{
    public int RowCount => Table.RowCount;

    /// <summary>The number of each row in the table that was read, from 0; null if every row has a target.</summary>
    public int[]? SourceRows { get; init; }

    /// <summary>Infers the schema and reads the rows by it.</summary>
    public static TrainingTable Infer(Table raw, SchemaRequest request, FitContext context, DecisionLog decisions, List<Problem> warnings)
    {
        var inferred = SchemaInference.Infer(raw, request, context.Workers);
        decisions.AddRange(inferred.Decisions);
        return Read(raw, inferred.Schema, warnings);
    }

    /// <summary>Reads the rows by a known schema.</summary>
    /// <exception cref="SchemaException">A column is missing or cannot be read.</exception>
    /// <exception cref="LearningException">No row has a target.</exception>
    public static TrainingTable Read(Table raw, Schema schema, List<Problem> warnings)
    {
        var conformed = schema.Conform(raw, warnings, targetRequired: true);
        var targets = TargetReader.Read(conformed, schema, warnings);
        var table = targets.Of(conformed);
        return new(schema, table, targets.Target, TargetReader.ReadWeights(table, schema), SplitKeys.From(table, schema, targets.Target)) { SourceRows = targets.Dropped == 0 ? null : targets.Rows };
    }

    /// <summary>The same rows without some feature columns, which the schema then says are ignored.</summary>
    public TrainingTable Without(string[] columns) => columns.Length == 0 ? this : this with
    {
        Schema = Schema with { Columns = [.. Schema.Columns.Select(column => columns.Contains(column.Name) ? column with { Role = ColumnRole.Ignored } : column)] },
        Table = Table.Without(columns),
    };

    /// <summary>What the named rows need to know of splits.</summary>
    public SplitKeys KeysOf(int[] rows) => new()
    {
        Rows = rows.Length,
        Classes = Keys.Classes is { } classes ? Array.ConvertAll(rows, row => classes[row]) : null,
        Groups = Keys.Groups is { } groups ? Array.ConvertAll(rows, row => groups[row]) : null,
        Times = Keys.Times is { } times ? Array.ConvertAll(rows, row => times[row]) : null,
    };

    /// <summary>The weights of the named rows, or null.</summary>
    public double[]? WeightsOf(int[] rows) => Weights is { } weights ? Array.ConvertAll(rows, row => weights[row]) : null;
}
