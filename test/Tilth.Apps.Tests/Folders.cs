using System.Runtime.CompilerServices;

namespace Tilth.Apps.Tests;

/// <summary>Where the repository and its data lie, and folders that a test may write to.</summary>
static class Folders
{
    public static string Repository { get; } = FindRepository();

    /// <summary>The real data sets, or null: TILTH_DATA, or a folder shared/data beside or above the repository.</summary>
    public static string? Data { get; } = FindData();

    /// <summary>A fresh folder that goes when the test ends.</summary>
    public static TemporaryFolder Temporary([CallerMemberName] string name = "") => new(name);

    static string FindRepository([CallerFilePath] string here = "")
    {
        for (var folder = Directory.GetParent(here); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Tilth.slnx"))) return folder.FullName;
        throw new InvalidOperationException($"no Tilth.slnx above {here}");
    }

    static string? FindData()
    {
        if (Environment.GetEnvironmentVariable("TILTH_DATA") is { Length: > 0 } set) return set;
        for (var folder = new DirectoryInfo(Repository); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", "data") is var data && Directory.Exists(data)) return data;
        return null;
    }
}

/// <summary>A folder under the system's temporary folder, deleted on disposal.</summary>
sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string name) => Path = Directory.CreateTempSubdirectory($"tilth-{name}-").FullName;

    public string Path { get; }

    public string At(string file) => System.IO.Path.Combine(Path, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(At(file), text);
        return At(file);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
