using Tilth.Data;
using Tilth.Honesty.Leaks;

namespace Tilth.Walk;

/// <summary>Suspects leaks in a table that nothing is learned from yet.</summary>
public static class TableLeaks
{
    /// <summary>Every suspicion; nothing is left out.</summary>
    /// <param name="raw">As a source gave it.</param>
    /// <param name="schema">With a target.</param>
    /// <param name="workers">Threads.</param>
    /// <exception cref="LearningException">No row has a target.</exception>
    public static IReadOnlyList<Suspicion> Look(Table raw, Schema schema, Parallelism.WorkerPool workers)
    {
        var data = TrainingTable.Read(raw, schema, []);
        return LeakHunt.Look(data.Schema, data.Table, data.Target, [.. Enumerable.Range(0, data.RowCount)], [], seed: 0, workers);
    }
}
