namespace Tilth.Cli.Commands;

/// <summary>
/// Files that a verb writes: checked before a long run, and given their name only when they are whole, so that a full disk never
/// leaves half a file that looks like a whole one.
/// </summary>
static class OutputFile
{
    const int DiskFullUnix = 28, DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>The path, once it is sure that a file can be made there.</summary>
    /// <exception cref="SourceException">The folder does not exist or takes no files, or the path is a folder.</exception>
    public static string ForWriting(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new SourceException("output-empty", "the name of the file to write is empty");
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw new SourceException("output-folder", $"'{path}' is a folder; give the name of a file to write");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder)) throw new SourceException("output-folder-missing", $"there is no folder '{folder}' to write '{Path.GetFileName(path)}' to");
        if (!IsDevice(full)) Guard(path, () => new FileStream(Temporary(full), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose());
        return path;
    }

    /// <summary>Writes a whole file, or none.</summary>
    /// <exception cref="SourceException">It cannot be written; what was there before is as it was.</exception>
    public static void Write(string path, Action<Stream> write) => Guard(path, () =>
    {
        string full = Path.GetFullPath(path), written = IsDevice(full) ? full : Temporary(full);
        try
        {
            using (var stream = new FileStream(written, FileMode.Create, FileAccess.Write)) write(stream);
            Place(written, full);
        }
        catch
        {
            Discard(written, full);
            throw;
        }
    });

    /// <summary>Where a file lies until it is whole; a device is written to at once.</summary>
    public static string Temporary(string path) => IsDevice(path) ? path : $"{path}.{Environment.ProcessId}.tmp";

    /// <summary>Gives a whole file its name.</summary>
    public static void Place(string written, string path)
    {
        if (written != path) File.Move(written, path, overwrite: true);
    }

    /// <summary>Removes what was begun.</summary>
    public static void Discard(string written, string path)
    {
        if (written != path && File.Exists(written)) File.Delete(written);
    }

    /// <summary>Runs what writes to the path, and says why it cannot be written.</summary>
    public static void Guard(string path, Action write)
    {
        try { write(); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SourceException("output-unwritable", $"'{path}' cannot be written: {Reason(fault)}", fault);
        }
    }

    static string Reason(Exception fault) => fault switch
    {
        { HResult: DiskFullUnix or DiskFullWindows } => "the disk is full",
        UnauthorizedAccessException => "there is no permission",
        FileNotFoundException or DirectoryNotFoundException => "its folder takes no new files",
        IOException when fault.Message.Contains("disk was full", StringComparison.Ordinal) => "the disk is full",
        _ => fault.Message,
    };

    /// <summary>Whether it is no place for more than one stream of bytes.</summary>
    public static bool IsDevice(string path) => Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);
}
