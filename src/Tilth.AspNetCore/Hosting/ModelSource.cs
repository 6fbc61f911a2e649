using Tilth.Packaging;

namespace Tilth.AspNetCore.Hosting;

/// <summary>Where packages come from: a file under one name, a folder of files each under its own, or bytes given once.</summary>
internal sealed class ModelSource
{
    readonly Dictionary<string, (DateTime Written, long Length)> seen = new(StringComparer.Ordinal);
    readonly string? name, path;
    readonly Func<ModelPackage>? open;

    public ModelSource(string name, Func<ModelPackage> open) => (this.name, this.open) = (name, open);

    /// <param name="name">The model's name; null if the path is a folder of packages.</param>
    /// <param name="path">A file, or a folder.</param>
    /// <param name="watch">Whether <see cref="OpenChanged"/> looks for changes.</param>
    public ModelSource(string? name, string path, bool watch) => (this.name, this.path, IsWatched) = (name, Path.GetFullPath(path), watch);

    public bool IsWatched { get; }

    /// <summary>True for names that can stand in an address: letters, digits, hyphens, underscores and dots, not the first.</summary>
    public static bool IsName(string name)
        => name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Opens every package.</summary>
    /// <exception cref="PackageFormatException">A file is missing or not a sound package.</exception>
    public IEnumerable<(string Name, ModelPackage Package)> OpenAll()
    {
        if (open is not null) return [(name!, open())];
        return [.. Files().Select(file =>
        {
            seen[file.Path] = Stamp(file.Path);
            return (file.Name, ModelPackage.Open(file.Path));
        })];
    }

    /// <summary>Opens what was written since the last look.</summary>
    /// <param name="refused">Told of each file that is no sound package; it is looked at again when it changes again.</param>
    public IEnumerable<(string Name, ModelPackage Package)> OpenChanged(Action<string, PackageFormatException> refused)
    {
        if (open is not null) yield break;
        foreach (var (model, file) in Files())
        {
            var stamp = Stamp(file);
            if (stamp.Length == 0 || (seen.TryGetValue(file, out var before) && before == stamp)) continue;
            seen[file] = stamp;
            ModelPackage? package = null;
            try
            {
                package = ModelPackage.Open(file);
            }
            catch (PackageFormatException fault)
            {
                refused(model, fault);
            }
            if (package is not null) yield return (model, package);
        }
    }

    IEnumerable<(string Name, string Path)> Files()
    {
        if (name is not null) return [(name, path!)];
        if (!Directory.Exists(path)) throw new PackageFormatException("folder-missing", $"there is no folder '{path}' with packages");
        return Directory.EnumerateFiles(path, "*.tilth").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), file)).Where(file => IsName(file.Item1));
    }

    static (DateTime Written, long Length) Stamp(string file)
    {
        var facts = new FileInfo(file);
        return facts.Exists ? (facts.LastWriteTimeUtc, facts.Length) : default;
    }
}
