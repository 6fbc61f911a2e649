using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Hosting;

/// <summary>Every model that this process serves, by name. Thread-safe.</summary>
internal sealed class ModelHost
{
    /// <summary>Packages of one model that are held in memory for a roll-back, the current one included.</summary>
    const int KeptVersions = 3;

    readonly ConcurrentDictionary<string, ServedModel> models = new(StringComparer.Ordinal);
    readonly TimeProvider clock;

    public ModelHost(IEnumerable<ModelSource> sources, IOptions<ServingOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        Options = options.Value;
        Options.Check();
        Sources = [.. sources];
        foreach (var source in Sources)
        foreach (var (name, package) in source.OpenAll()) Deploy(name, package);
    }

    public ServingOptions Options { get; }

    public IReadOnlyList<ModelSource> Sources { get; }

    /// <summary>By name.</summary>
    public IEnumerable<ServedModel> Models => models.Values.OrderBy(model => model.Name, StringComparer.Ordinal);

    public ServedModel? Find(string name) => models.GetValueOrDefault(name);

    /// <summary>Checks a package and makes it ready to answer.</summary>
    /// <exception cref="PackageFormatException">It does not predict what it did when it was made.</exception>
    public ServedPackage Prepare(ModelPackage package) => new(package, clock.GetUtcNow());

    /// <summary>Lets a package answer under a name; equal packages change nothing.</summary>
    public ServedModel Deploy(string name, ModelPackage package)
    {
        if (models.TryGetValue(name, out var model) && model.Deployment.Production.Version == package.Version) return model;
        var served = Prepare(package);
        if (models.TryAdd(name, new ServedModel(name, served, KeptVersions))) return models[name];
        models[name].Promote(served);
        return models[name];
    }
}
