namespace Tilth.Data;

/// <summary>The target of a table, and the rows that have one.</summary>
/// <param name="Target">One value for each of <paramref name="Rows"/>, in their order.</param>
/// <param name="Rows">Row numbers in the table, ascending.</param>
/// <param name="Dropped">Rows without a target value.</param>
public sealed record TargetRows(Target Target, int[] Rows, int Dropped)
{
    /// <summary>The rows that have a target; the table itself if all have.</summary>
    public Table Of(Table table) => Dropped == 0 ? table : table.Take(Rows);
}

/// <summary>Reads what is to be foreseen, and how much each row counts, from a conformed table.</summary>
public static class TargetReader
{
    const double Largest = 1e100;

    /// <summary>Reads the target of a table that <see cref="Schema.Conform"/> made; rows without one are left out and told.</summary>
    /// <param name="conformed">The table.</param>
    /// <param name="schema">A schema with a target.</param>
    /// <param name="warnings">Gets one problem if rows were left out.</param>
    /// <exception cref="SchemaException">The table has no such column.</exception>
    /// <exception cref="LearningException">No row has a target.</exception>
    public static TargetRows Read(Table conformed, Schema schema, ICollection<Problem>? warnings = null)
    {
        var target = schema.Target ?? throw new ArgumentException("the schema has no target");
        var column = conformed[target.Column];
        var values = new double[column.Count];
        var rows = new int[column.Count];
        int kept = 0;
        for (int row = 0; row < column.Count; row++)
        {
            double value = column switch
            {
                CategoryColumn labels => labels.Codes.Span[row],
                NumberColumn numbers => numbers.Values.Span[row],
                _ => throw new ArgumentException($"the target '{target.Column}' is {column.Kind}; conform the table first"),
            };
            if (column.IsMissing(row) || !double.IsFinite(value)) continue;
            if (Math.Abs(value) > Largest) throw new LearningException("target-size", FormattableString.Invariant($"the target '{target.Column}' is {value:R} in row {row + 1}; it must lie between -{Largest:R} and {Largest:R}, since its squares are summed"));
            values[kept] = value;
            rows[kept++] = row;
        }
        if (kept == 0) throw new LearningException("target-missing", $"the target '{target.Column}' has no usable value in any of {column.Count} rows");
        int dropped = column.Count - kept;
        if (dropped > 0)
            warnings?.Add(new Problem("target-dropped", $"{dropped} of {column.Count} rows have no value of the target '{target.Column}' and are left out", target.Column));
        return new(new Target(target, values[..kept]), rows[..kept], dropped);
    }

    /// <summary>The weights of a conformed table's rows, or null if the schema names no weight column.</summary>
    /// <exception cref="SchemaException">A weight is missing, negative or infinite, or none is above zero.</exception>
    public static double[]? ReadWeights(Table conformed, Schema schema)
    {
        if (schema.Columns.FirstOrDefault(column => column.Role == ColumnRole.Weight) is not { } named) return null;
        if (conformed[named.Name] is not NumberColumn column) throw new ArgumentException($"the weight '{named.Name}' is no number; conform the table first");
        double[] weights = column.Values.ToArray();
        int wrong = Array.FindIndex(weights, weight => !(weight >= 0 && double.IsFinite(weight)));
        if (wrong >= 0)
            throw new SchemaException("weight-invalid", $"each weight must be a number from 0 up, but '{named.Name}' is {column.Format(wrong) ?? "missing"} in row {wrong + 1}");
        if (!weights.Any(weight => weight > 0)) throw new SchemaException("weight-zero", $"every weight in '{named.Name}' is 0");
        return weights;
    }
}
