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

    /// <summary>Calls of the application's own code so far; their rows count with the others.</summary>
    public CallCounts OwnCalls { get; } = new();

    public Deployment Deployment => deployment;

    /// <summary>Counts rows that were predicted, and those of them with warnings.</summary>
    public void CountRows(int count, int withWarnings)
    {
        Calls.CountRows(count, withWarnings);
        Telemetry.Rows(name, count, withWarnings);
    }

    /// <summary>Packages that can answer again without being sent again, the latest first.</summary>
    public IReadOnlyList<ServedPackage> Versions
    {
        get
        {
            lock (change) return [.. versions];
        }
    }

    /// <summary>Lets a package answer from now on. A canary or shadow that becomes production ends as such.</summary>
    /// <param name="package">What answers.</param>
    /// <param name="trialEnds">The timestamp until which it is on trial, if it foresees the same as the one that it replaces.</param>
    public void Promote(ServedPackage package, long trialEnds)
    {
        lock (change)
        {
            Keep(package);
            var now = deployment;
            bool comparable = now.Production.Foresees(package) && now.Production.Version != package.Version;
            deployment = now with { Production = package, Former = comparable ? now.Production : null, TrialEnds = comparable ? trialEnds : 0 };
            if (now.Canary?.Version == package.Version) deployment = deployment with { Canary = null, CanaryShare = 0 };
            if (now.Shadow?.Version == package.Version) deployment = deployment with { Shadow = null };
        }
    }

    /// <summary>The package that a caller asks for: "production", "candidate" (the canary, or else the shadow), or a version in memory.</summary>
    /// <exception cref="SchemaException">There is none.</exception>
    public ServedPackage Named(string alias)
    {
        var now = deployment;
        return alias switch
        {
            "production" => now.Production,
            "candidate" => now.Canary ?? now.Shadow ?? throw new SchemaException("version-unknown", $"model '{name}' has no candidate: neither a canary nor a shadow"),
            _ => Versions.Concat(now.Roles().Select(role => role.Package)).FirstOrDefault(package => package.Version == alias)
                ?? throw new SchemaException("version-unknown", $"model '{name}' has no version '{(alias.Length <= 64 ? alias : alias[..64])}' in memory; it has {Spelling.List(Versions.Select(package => package.Version))}, and answers to 'production' and 'candidate'"),
        };
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

    /// <summary>Takes a package back that is still on trial: as a canary, or as production for the one that it replaced.</summary>
    public bool EndTrial(ServedPackage package)
    {
        lock (change)
        {
            var now = deployment;
            if (now.Canary == package) deployment = now with { Canary = null, CanaryShare = 0 };
            else if (now.Production == package && now.Former is { } former)
            {
                Keep(former);
                deployment = now with { Production = former, Former = null, TrialEnds = 0 };
            }
            else return false;
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
