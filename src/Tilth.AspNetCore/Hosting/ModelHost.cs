using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Tilth.AspNetCore.Logs;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Hosting;

/// <summary>Every model that this process serves, by name. Thread-safe.</summary>
internal sealed class ModelHost
{
    /// <summary>Packages of one model that are held in memory for a roll-back, the current one included.</summary>
    const int KeptVersions = 3;

    readonly ConcurrentDictionary<string, ServedModel> models = new(StringComparer.Ordinal);
    readonly ILookup<string, ModelContract> contracts;
    readonly Lock recording = new();
    readonly TimeProvider clock;
    readonly VersionStore? store;
    readonly AuditLog? audit;

    public ModelHost(IEnumerable<ModelSource> sources, IEnumerable<ModelContract> contracts, IOptions<ServingOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        this.contracts = contracts.ToLookup(contract => contract.Name, StringComparer.Ordinal);
        Options = options.Value;
        Sources = [.. sources];
        if (Options.StoreFolder is { } folder)
        {
            store = new VersionStore(folder);
            audit = new AuditLog(Path.Combine(folder, "audit.jsonl"), clock);
            foreach (var (name, package) in store.OpenProduction()) Deploy(name, package);
        }
        foreach (var source in Sources)
        foreach (var (name, package) in source.OpenAll())
            if (!models.ContainsKey(name)) Deploy(name, package);
        foreach (var model in Models) audit?.Write("server", "loaded", model.Name, model.Deployment.Production.Version);
    }

    public ServingOptions Options { get; }

    public IReadOnlyList<ModelSource> Sources { get; }

    /// <summary>By name.</summary>
    public IEnumerable<ServedModel> Models => models.Values.OrderBy(model => model.Name, StringComparer.Ordinal);

    public ServedModel? Find(string name) => models.GetValueOrDefault(name);

    /// <summary>Checks a package and makes it ready to answer under a name.</summary>
    /// <exception cref="PackageFormatException">It does not predict what it did when it was made.</exception>
    /// <exception cref="SchemaException">Code of this application was made for another schema.</exception>
    public ServedPackage Prepare(string name, ModelPackage package)
    {
        foreach (var contract in contracts[name]) contract.Check(package.Schema);
        return new ServedPackage(package, clock.GetUtcNow());
    }

    /// <summary>Lets a package answer under a name; equal packages change nothing.</summary>
    public ServedModel Deploy(string name, ModelPackage package)
    {
        if (models.TryGetValue(name, out var model) && model.Deployment.Production.Version == package.Version) return model;
        var served = Prepare(name, package);
        if (models.TryAdd(name, new ServedModel(name, served, KeptVersions))) return models[name];
        Promote(models[name], served);
        return models[name];
    }

    /// <summary>Lets a package answer from now on, for a while on trial.</summary>
    public void Promote(ServedModel model, ServedPackage package)
        => model.Promote(package, Options.RollBack.Trial > TimeSpan.Zero ? Now + (long)(Options.RollBack.Trial.TotalSeconds * clock.TimestampFrequency) : 0);

    /// <summary>The clock's timestamp.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>The time since a timestamp.</summary>
    public TimeSpan Since(long timestamp) => clock.GetElapsedTime(timestamp);

    /// <summary>Opens an earlier version and lets it answer: one in memory, or one that the store keeps.</summary>
    /// <param name="model">Whose version.</param>
    /// <param name="version">The first 12 digits of its hash, or null for the one before.</param>
    /// <exception cref="SchemaException">There is no such version.</exception>
    public ServedPackage RollBack(ServedModel model, string? version)
    {
        if (version is not null && !model.Versions.Any(package => package.Version == version) && store?.Find(model.Name, version) is { } kept)
        {
            var served = Prepare(model.Name, kept);
            model.Promote(served, trialEnds: 0);
            model.SetCanary(null, 0);
            return served;
        }
        return model.RollBack(version);
    }

    /// <summary>Writes down what was done, and which package answers after a restart.</summary>
    /// <param name="who">The key's or user's name.</param>
    /// <param name="did">In a word.</param>
    /// <param name="model">To which model.</param>
    /// <param name="package">With which package; or null.</param>
    public void Record(string who, string did, ServedModel model, ServedPackage? package)
    {
        lock (recording)
        {
            if (package is not null) store?.Save(model.Name, package.Package);
            store?.SetProduction(model.Name, model.Deployment.Production.Package);
            audit?.Write(who, did, model.Name, package?.Version ?? "");
        }
    }
}
