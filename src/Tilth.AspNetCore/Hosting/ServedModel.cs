using Tilth.Data;

namespace Tilth.AspNetCore.Hosting;

/// <summary>
/// One name that callers use, whatever package answers for it. Every change replaces the <see cref="Deployment"/> at once:
/// calls under way finish with the packages they began with.
/// </summary>
internal sealed class ServedModel(string name, ServedPackage first, int kept)
{
    readonly Lock change = new();
    readonly List<ServedPackage> versions = [first];
    volatile Deployment deployment = new(first);

    public string Name => name;

    /// <summary>Calls and rows so far.</summary>
    public CallCounts Calls { get; } = new();

    public Deployment Deployment => deployment;

    /// <summary>Packages that can answer again without being sent again, the latest first.</summary>
    public IReadOnlyList<ServedPackage> Versions
    {
        get
        {
            lock (change) return [.. versions];
        }
    }

    /// <summary>Lets a package answer from now on. A canary that becomes production ends as canary.</summary>
    public void Promote(ServedPackage package)
    {
        lock (change)
        {
            Keep(package);
            deployment = deployment.Canary?.Version == package.Version
                ? new Deployment(package, Shadow: deployment.Shadow)
                : deployment with { Production = package };
        }
    }

    /// <summary>Lets an earlier package answer again, and ends a canary.</summary>
    /// <param name="version">One of <see cref="Versions"/>; null for the one before.</param>
    /// <exception cref="SchemaException">There is no such version.</exception>
    public ServedPackage RollBack(string? version)
    {
        lock (change)
        {
            var current = deployment.Production;
            var target = version is null ? versions.Find(package => package != current) : versions.Find(package => package.Version == version);
            if (target is null)
                throw new SchemaException("version-unknown", version is null
                    ? $"model '{name}' has no earlier version to return to"
                    : $"model '{name}' has no version '{version}'; it has {Spelling.List(versions.Select(package => package.Version))}");
            Keep(target);
            deployment = new Deployment(target, Shadow: deployment.Shadow);
            return target;
        }
    }

    /// <summary>Gives a share of the calls to another package, or to none.</summary>
    public void SetCanary(ServedPackage? package, double share)
    {
        lock (change) deployment = deployment with { Canary = package, CanaryShare = package is null ? 0 : share };
    }

    /// <summary>Ends the canary if it still is that package.</summary>
    public bool EndCanary(ServedPackage package)
    {
        lock (change)
        {
            if (deployment.Canary != package) return false;
            deployment = deployment with { Canary = null, CanaryShare = 0 };
            return true;
        }
    }

    /// <summary>Scores the same rows with another package, or with none.</summary>
    public void SetShadow(ServedPackage? package)
    {
        lock (change) deployment = deployment with { Shadow = package };
    }

    void Keep(ServedPackage package)
    {
        versions.RemoveAll(other => other.Version == package.Version);
        versions.Insert(0, package);
        if (versions.Count > kept) versions.RemoveRange(kept, versions.Count - kept);
    }
}
