namespace Tilth.Cli.Commands;

/// <summary>Checks before a long run that its result can be written.</summary>
static class PackagePath
{
    /// <exception cref="SourceException">The folder does not exist, or the path is a folder.</exception>
    public static string ForWriting(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw new SourceException("output-folder", $"'{path}' is a folder; give the name of a file to write");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder)) throw new SourceException("output-folder-missing", $"there is no folder '{folder}' to write '{Path.GetFileName(path)}' to");
        return path;
    }
}
