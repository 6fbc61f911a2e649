namespace Tilth.AspNetCore.Hosting;

/// <summary>Which packages answer for a model. Immutable: a call reads it once and never sees half a swap.</summary>
/// <param name="Production">Answers.</param>
/// <param name="Canary">Answers for a share of the calls; or null.</param>
/// <param name="CanaryShare">In 0 to 1.</param>
/// <param name="Shadow">Scores the same rows unseen; or null.</param>
/// <param name="Former">What production replaced, while it is on trial; or null.</param>
/// <param name="TrialEnds">The timestamp at which that trial ends.</param>
internal sealed record Deployment(ServedPackage Production, ServedPackage? Canary = null, double CanaryShare = 0, ServedPackage? Shadow = null, ServedPackage? Former = null, long TrialEnds = 0)
{
    /// <summary>The package that answers a call with this sticky hash.</summary>
    /// <param name="hash">Of the caller's key, or of the rows.</param>
    /// <param name="now">The clock's timestamp.</param>
    public Turn Choose(ulong hash, long now)
        => Canary is not null && (hash >> 11) * (1.0 / (1UL << 53)) < CanaryShare ? new Turn(Canary, Production)
            : new Turn(Production, now < TrialEnds ? Former : null);

    public IEnumerable<(string Role, ServedPackage Package)> Roles()
    {
        yield return ("production", Production);
        if (Canary is not null) yield return ("canary", Canary);
        if (Shadow is not null) yield return ("shadow", Shadow);
    }
}

/// <summary>Who answers a call.</summary>
/// <param name="Package">The package.</param>
/// <param name="Trusted">If that one is on trial: the package that answers where it cannot; else null.</param>
internal readonly record struct Turn(ServedPackage Package, ServedPackage? Trusted = null);
