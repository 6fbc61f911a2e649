namespace Tilth.AspNetCore.Hosting;

/// <summary>Which packages answer for a model. Immutable: a call reads it once and never sees half a swap.</summary>
/// <param name="Production">Answers.</param>
/// <param name="Canary">Answers for a share of the calls; or null.</param>
/// <param name="CanaryShare">In 0 to 1.</param>
/// <param name="Shadow">Scores the same rows unseen; or null.</param>
internal sealed record Deployment(ServedPackage Production, ServedPackage? Canary = null, double CanaryShare = 0, ServedPackage? Shadow = null)
{
    /// <summary>The package that answers a call with this sticky hash.</summary>
    public ServedPackage Choose(ulong hash)
        => Canary is not null && (hash >> 11) * (1.0 / (1UL << 53)) < CanaryShare ? Canary : Production;

    public IEnumerable<(string Role, ServedPackage Package)> Roles()
    {
        yield return ("production", Production);
        if (Canary is not null) yield return ("canary", Canary);
        if (Shadow is not null) yield return ("shadow", Shadow);
    }
}
