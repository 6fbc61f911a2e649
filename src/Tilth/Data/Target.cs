namespace Tilth.Data;

/// <summary>What is to be foreseen, one number a row: the class's index, or the value itself.</summary>
public sealed class Target
{
    /// <summary>Wraps values without copying.</summary>
    /// <param name="schema">Task and class names.</param>
    /// <param name="values">Finite; for classes whole numbers below their count.</param>
    public Target(TargetSchema schema, double[] values) => (Schema, Values) = (schema, values);

    /// <summary>Task and class names; for a binary target class 1 is the positive one.</summary>
    public TargetSchema Schema { get; }

    /// <summary>Binary, multiclass or regression.</summary>
    public TaskKind Task => Schema.Task;

    /// <summary>Number of classes; 0 for regression.</summary>
    public int ClassCount => Schema.Classes.Count;

    /// <summary>One number a row.</summary>
    public double[] Values { get; }

    /// <summary>The target of the named rows.</summary>
    public Target Take(ReadOnlySpan<int> rows)
    {
        var taken = new double[rows.Length];
        for (int i = 0; i < taken.Length; i++) taken[i] = Values[rows[i]];
        return new(Schema, taken);
    }
}
