using Microsoft.Extensions.Options;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;

namespace Tilth.AspNetCore;

/// <summary>Limits and places of a host that serves packages. Set once, before the first request.</summary>
public sealed class ServingOptions
{
    /// <summary>Rows that one call may hold; at least 1.</summary>
    public int MaxRows { get; set; } = 10_000;

    /// <summary>Bytes that the body of a prediction call may have; at least 1.</summary>
    public int MaxBodyBytes { get; set; } = 16 << 20;

    /// <summary>Bytes that an uploaded package may have; at least 1.</summary>
    public int MaxPackageBytes { get; set; } = 256 << 20;

    /// <summary>How long a body may take to arrive, and how long the rows of one call may be worked on; above zero.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls that are worked on at once; at least 1. The default is twice the processors.</summary>
    public int MaxConcurrency { get; set; } = 2 * Environment.ProcessorCount;

    /// <summary>
    /// Calls that wait for their turn at most; those beyond are refused with 429. Where calls take long, fewer wait: twice
    /// <see cref="MaxConcurrency"/> in a burst, as many as it while there are always some, or as many as are through within
    /// 5 ms. At least 0.
    /// </summary>
    public int MaxQueue { get; set; } = 64;

    /// <summary>Calls a second that one key (or address, without keys) may make on average; 0 for no limit.</summary>
    public int CallsPerSecond { get; set; }

    /// <summary>
    /// A file of hashed keys (tilth keys add); callers then need one with the endpoint's scope. Null to leave it to the
    /// application's own authorization.
    /// </summary>
    public string? KeysFile { get; set; }

    /// <summary>Without a file of keys and a signed-in user: whether anybody may change which package answers.</summary>
    public bool AllowAnonymousChanges { get; set; }

    /// <summary>
    /// A folder that keeps sent packages, which of them answers, and the audit log (audit.jsonl) over restarts. Null keeps
    /// them in memory only.
    /// </summary>
    public string? StoreFolder { get; set; }

    /// <summary>Bytes that the bodies of all calls under way may take together; a call beyond is refused with 429. There is always room for four of the largest.</summary>
    public long MaxBodyMemory { get; set; } = 256 << 20;

    /// <summary>How long a window of the drift report is; the last 24 are kept. Above zero.</summary>
    public TimeSpan DriftWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>When a package is taken back without anybody asking.</summary>
    public RollBackOptions RollBack { get; } = new();

    /// <summary>What is written down of the rows and predictions; null for nothing.</summary>
    public PredictionLogOptions? PredictionLog { get; set; }

    /// <summary>A sentence for each option out of its range.</summary>
    internal IEnumerable<string> Faults()
    {
        (string Name, int Value, int Least)[] whole =
        [
            (nameof(MaxRows), MaxRows, 1), (nameof(MaxBodyBytes), MaxBodyBytes, 1), (nameof(MaxPackageBytes), MaxPackageBytes, 1),
            (nameof(MaxConcurrency), MaxConcurrency, 1), (nameof(MaxQueue), MaxQueue, 0), (nameof(CallsPerSecond), CallsPerSecond, 0),
        ];
        foreach (var (name, value, least) in whole)
            if (value < least) yield return $"{name} is {value}, but must be at least {least}";
        if (RequestTimeout <= TimeSpan.Zero) yield return $"RequestTimeout is {RequestTimeout}, but must be above zero";
        if (DriftWindow <= TimeSpan.Zero) yield return $"DriftWindow is {DriftWindow}, but must be above zero";
        foreach (string fault in RollBack.Faults().Concat(PredictionLog?.Faults() ?? [])) yield return fault;
    }
}

/// <summary>Refuses options out of their ranges when the application starts, all at once.</summary>
internal sealed class ServingOptionsCheck : IValidateOptions<ServingOptions>
{
    public ValidateOptionsResult Validate(string? name, ServingOptions options)
        => options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
