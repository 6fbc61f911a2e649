namespace Tilth.AspNetCore.Hosting;

/// <summary>
/// When a package is taken back without anybody asking. On trial are a canary, and production for a while after it replaced
/// another package of the same target; the package that it stands beside is the measure, and answers where it cannot.
/// </summary>
public sealed class RollBackOptions
{
    const int FewErrors = 5, FewCalls = 50;

    /// <summary>How long a package that became production is on trial; zero for no trial.</summary>
    public TimeSpan Trial { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Share of calls that a package may fail where the other one answers, in 0 to 1; at least five calls end a trial.</summary>
    public double MaxErrorShare { get; set; } = 0.01;

    /// <summary>How many times as long as the other package it may take a row; above 1.</summary>
    public double MaxSlowdown { get; set; } = 5;

    /// <summary>A package that takes no longer a row than this is never too slow.</summary>
    public TimeSpan FastRow { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Why a trial ends badly, or null.</summary>
    internal string? FaultOf(WorkReport tried, WorkReport trusted)
    {
        if (tried.Errors >= FewErrors && tried.Errors > MaxErrorShare * tried.Calls)
            return FormattableString.Invariant($"it could not answer {tried.Errors} of {tried.Calls} calls that the other package can");
        bool slow = tried.Calls >= FewCalls && trusted.Calls >= FewCalls && tried.TimePerRow > FastRow && tried.TimePerRow > MaxSlowdown * trusted.TimePerRow;
        return slow ? FormattableString.Invariant($"it takes {tried.TimePerRow.TotalMilliseconds:G3} ms a row, the other package {trusted.TimePerRow.TotalMilliseconds:G3} ms") : null;
    }

    internal IEnumerable<string> Faults()
    {
        if (MaxErrorShare is not (>= 0 and <= 1)) yield return $"the roll-back's MaxErrorShare is {MaxErrorShare}, but must lie in 0 to 1";
        if (!(MaxSlowdown > 1)) yield return $"the roll-back's MaxSlowdown is {MaxSlowdown}, but must be above 1";
        if (Trial < TimeSpan.Zero) yield return $"the roll-back's Trial is {Trial}, but must not be below zero";
    }
}
