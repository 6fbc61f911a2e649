using System.Buffers;
using System.Text;
using System.Text.Json;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Hosting;
using Tilth.Packaging;

namespace Tilth.Cli.Exports;

/// <summary>
/// Writes an ASP.NET project that serves one package, with what it takes to run it as a container, a systemd service or in
/// Kubernetes. The files lie beside this one with @name@ and the like in place of what differs.
/// </summary>
static class ServerProject
{
    static readonly (string Template, string File)[] files =
    [
        ("server.csproj", "server.csproj"), ("Program.cs", "Program.cs"), ("Dockerfile", "Dockerfile"), ("dockerignore", ".dockerignore"), ("compose.yaml", "compose.yaml"),
        ("unit.service", "@service@.service"), ("kubernetes.yaml", "kubernetes.yaml"), ("README.md", "README.md"),
    ];

    /// <summary>Writes the project.</summary>
    /// <param name="package">What it serves.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="folder">Made if it is not there; must be empty.</param>
    /// <returns>The files, relative to the folder.</returns>
    /// <exception cref="SourceException">The name is none, or the folder holds something.</exception>
    public static IReadOnlyList<string> Write(ModelPackage package, string name, string folder)
    {
        if (!ModelSource.IsName(name))
            throw new SourceException("model-name", $"'{name}' is not a model's name: 1 to 64 letters, digits, hyphens, underscores and dots, the first a letter or digit; give one with --name");
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new SourceException("output-folder", $"'{folder}' is there already and not empty; give a new folder");
        Directory.CreateDirectory(folder);
        var values = new Dictionary<string, string>
        {
            ["name"] = name, ["file"] = name + ".tilth", ["service"] = ServiceName(name), ["version"] = package.Version, ["target"] = package.Target.Column.ReplaceLineEndings(" "),
            ["tilth"] = VersionOfTilth, ["example"] = ExampleOf(package).Replace("'", "'\\''", StringComparison.Ordinal),
        };
        package.Save(Path.Combine(folder, name + ".tilth"));
        var written = new List<string> { name + ".tilth" };
        foreach (var (template, file) in files)
        {
            string path = Filled(file, values);
            File.WriteAllText(Path.Combine(folder, path), Filled(TextOf(template), values));
            written.Add(path);
        }
        return written;
    }

    /// <summary>As containers and Kubernetes take names: lower case letters, digits and hyphens, a letter first, at most 40.</summary>
    static string ServiceName(string name)
    {
        string plain = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        if (!char.IsAsciiLetter(plain[0])) plain = "model-" + plain;
        return (plain.Length > 40 ? plain[..40] : plain).TrimEnd('-');
    }

    static string ExampleOf(ModelPackage package)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) SchemaDocument.WriteExample(json, package);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static string VersionOfTilth => typeof(ModelSource).Assembly.GetName().Version!.ToString(3);

    static string Filled(string text, Dictionary<string, string> values)
    {
        foreach (var (name, value) in values) text = text.Replace($"@{name}@", value, StringComparison.Ordinal);
        return text;
    }

    static string TextOf(string template)
    {
        using var stream = typeof(ServerProject).Assembly.GetManifestResourceStream(template + ".txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
