namespace Tilth.Tests.Rules;

/// <summary>The source files of the repository, for the rules about their shape.</summary>
static class CodeFiles
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<(string Path, string Text)> Under(string folder)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(Root, path))));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Tilth.slnx"))) return folder.FullName;
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
