using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Parallelism;

namespace Tilth.Cli.Commands;

/// <summary>Reads the tables that a verb is given.</summary>
static class TableFiles
{
    /// <summary>Reads files into one table and tells what was odd about them.</summary>
    public static Table Read(string[] paths, WorkerPool workers, Terminal terminal) => Read(paths, workers, terminal, out _);

    /// <summary>Also gives what reading decided, for the decision log.</summary>
    public static Table Read(string[] paths, WorkerPool workers, Terminal terminal, out IReadOnlyList<Decision> decided)
    {
        var table = TableReader.Read(paths, null, workers, out var report);
        foreach (var warning in report.Warnings) Terminal.Warn(warning);
        terminal.Say(FormattableString.Invariant($"read {table.RowCount:N0} rows x {table.Columns.Count} columns from {string.Join(", ", paths)}"));
        decided = report.Decisions;
        return table;
    }
}
