using Microsoft.Win32.SafeHandles;
using Tilth.Data;
using Tilth.Data.Sources;

namespace Tilth.Cli.Commands;

/// <summary>Where predictions go: the standard output, or a file that appears under its name only when it is whole.</summary>
sealed class PredictionFile : IDisposable
{
    readonly string? path, written;
    readonly Stream stream;
    readonly CsvWriter writer;
    bool open = true;

    public PredictionFile(string? path)
    {
        this.path = path;
        written = path is null ? null : OutputFile.Temporary(path);
        stream = written is null ? StandardOutput() : new FileStream(written, FileMode.Create, FileAccess.Write);
        writer = new CsvWriter(stream, path is not null && path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',');
    }

    public void Write(Table table) => Guard(() => writer.Write(table));

    /// <summary>Ends the file and gives it its name.</summary>
    public void Commit() => Guard(() =>
    {
        Close();
        if (path is not null) OutputFile.Place(written!, path);
    });

    public void Dispose()
    {
        try { Close(); }
        catch (IOException) { } // of a file that is given up
        if (path is not null) OutputFile.Discard(written!, path);
    }

    void Close()
    {
        if (!open) return;
        open = false;
        using (stream) writer.Dispose();
    }

    void Guard(Action write)
    {
        if (path is null) write();
        else OutputFile.Guard(path, write);
    }

    // The console's own stream is silent about a pipe that nobody reads any more; a file's stream says so, and we can stop.
    static Stream StandardOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek) return pipe;
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }
}
