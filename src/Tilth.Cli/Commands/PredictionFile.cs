using Tilth.Data;
using Tilth.Data.Sources;

namespace Tilth.Cli.Commands;

/// <summary>
/// Where predictions go: the standard output, or a file that appears under its name only when it is whole, so that a crash or
/// a full disk never leaves half a file that looks like a whole one.
/// </summary>
sealed class PredictionFile : IDisposable
{
    readonly string? path, temporary;
    readonly CsvWriter writer;
    bool open = true;

    public PredictionFile(string? path)
    {
        this.path = path;
        temporary = path is null ? null : path + $".{Environment.ProcessId}.tmp";
        var stream = temporary is null ? Console.OpenStandardOutput() : new FileStream(temporary, FileMode.Create, FileAccess.Write);
        writer = new CsvWriter(stream, path is not null && path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',');
    }

    public void Write(Table table) => writer.Write(table);

    /// <summary>Ends the file and gives it its name.</summary>
    public void Commit()
    {
        Close();
        if (temporary is not null) File.Move(temporary, path!, overwrite: true);
    }

    public void Dispose()
    {
        Close();
        if (temporary is not null && File.Exists(temporary)) File.Delete(temporary);
    }

    void Close()
    {
        if (!open) return;
        open = false;
        writer.Dispose();
    }
}
