using Tilth.Packaging;

namespace Tilth.AspNetCore.Hosting;

/// <summary>
/// A folder that survives restarts: {model}/{sha256}.tilth for each package that was sent, and {model}/production with the
/// hash of the one that answers. Files are moved into place whole; names come from checked model names and hashes only.
/// </summary>
internal sealed class VersionStore(string folder)
{
    const string Production = "production";

    /// <summary>The package that answered last under each name.</summary>
    /// <exception cref="PackageFormatException">One is damaged.</exception>
    public IEnumerable<(string Name, ModelPackage Package)> OpenProduction()
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (string model in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(model), pointer = Path.Combine(model, Production);
            if (!ModelSource.IsName(name) || !File.Exists(pointer)) continue;
            string hash = File.ReadAllText(pointer).Trim();
            if (!IsHash(hash)) throw new PackageFormatException("store", $"'{pointer}' does not hold the hash of a package");
            yield return (name, ModelPackage.Open(PathOf(name, hash)));
        }
    }

    /// <summary>Keeps a package; equal ones take no second place.</summary>
    public void Save(string name, ModelPackage package)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        string path = PathOf(name, package.ContentHash);
        if (!File.Exists(path)) package.Save(path);
    }

    /// <summary>Notes which package answers.</summary>
    public void SetProduction(string name, ModelPackage package)
    {
        Save(name, package);
        string pointer = Path.Combine(folder, name, Production), temporary = pointer + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(package.ContentHash));
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, pointer, overwrite: true);
    }

    /// <summary>The kept package with that version (the first digits of its hash), or null.</summary>
    public ModelPackage? Find(string name, string version)
    {
        string model = Path.Combine(folder, name);
        if (version.Length is < 12 or > 64 || !version.All(char.IsAsciiHexDigitLower) || !Directory.Exists(model)) return null;
        return Directory.EnumerateFiles(model, version + "*.tilth").Select(ModelPackage.Open).FirstOrDefault();
    }

    static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    string PathOf(string name, string hash) => Path.Combine(folder, name, hash + ".tilth");
}
