using Tilth.Packaging;

namespace Tilth.Cli.Commands;

/// <summary>Saves what a long run has learned, somewhere.</summary>
static class PackageFile
{
    /// <summary>Saves the package at its place, or if that is full or gone, in the system's folder for temporary files.</summary>
    /// <exception cref="SourceException">Its place could not be written; the message says where the package lies instead.</exception>
    public static void Save(ModelPackage package, string path)
    {
        try
        {
            OutputFile.Write(path, package.Save);
        }
        catch (SourceException fault) when (SaveElsewhere(package, path) is { } elsewhere)
        {
            throw new SourceException("output-elsewhere", $"{fault.Message}; what was learned is kept in '{elsewhere}'", fault);
        }
    }

    static string? SaveElsewhere(ModelPackage package, string path)
    {
        string elsewhere = Path.Combine(Path.GetTempPath(), $"{Path.GetFileNameWithoutExtension(path)}-{package.Version}.tilth");
        try
        {
            OutputFile.Write(elsewhere, package.Save);
            return elsewhere;
        }
        catch (SourceException)
        {
            return null;
        }
    }
}
