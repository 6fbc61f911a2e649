using Tilth.Learners;

namespace Tilth.Search;

/// <summary>
/// What a search may spend: time, or units of work (trials), or both. With a clock the number of trials depends on the machine;
/// the log then says what was done, and replaying it gives the same package without a clock.
/// </summary>
public sealed record SearchPlan
{
    /// <summary>From the start of the walk to the finished package; null for no limit, which needs <see cref="Trials"/>.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Most trials; null for as many as the time allows and the rows bear. The same number gives the same bytes.</summary>
    public int? Trials { get; init; }

    /// <summary>Where seconds are read; results depend on it only through what fits into <see cref="Time"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The metric that is searched for; null for the headline metric of the kind of target.</summary>
    public string? Metric { get; init; }

    /// <summary>Learners that are not tried, by their names in the catalogue.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// Learn the members of the blend once more from all rows, each as one model instead of one a fold: smaller and faster, and a
    /// little less accurate on small tables.
    /// </summary>
    public bool Refit { get; init; }

    /// <summary>Most time that foreseeing one row alone may take, as measured here; null for no limit.</summary>
    public TimeSpan? MaxLatency { get; init; }

    /// <summary>Most bytes that the models may take; null for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>A folder to which every trial is written as it ends, so that a run that was killed can go on; null for none.</summary>
    public string? Log { get; init; }

    /// <summary>What to do with a log that is already there.</summary>
    public LogUse LogUse { get; init; }

    /// <summary>What is tried first; null for <see cref="Search.Portfolio"/>.</summary>
    internal IReadOnlyList<Candidate>? Portfolio { get; init; }

    /// <summary>The plan with every default and this much time.</summary>
    public static SearchPlan For(TimeSpan time) => new() { Time = time };

    /// <summary>
    /// A time that fits the size of a table: 10 seconds up to 20,000 values (there more would mostly choose by chance), from there
    /// on growing with the square root, to at most 5 minutes.
    /// </summary>
    public static TimeSpan TimeFor(long rows, int columns)
        => TimeSpan.FromSeconds(Math.Round(Math.Clamp(10 * Math.Sqrt(rows * (double)columns / 20_000), 10, 300)));

    internal void Check()
    {
        foreach (string name in Exclude) LearnerCatalog.Find(name);
        if (Trials is < 1) throw new LearningException("search-trials", $"the number of trials must be at least 1, but is {Trials}");
        if (Time is { } time && time <= TimeSpan.Zero) throw new LearningException("search-time", $"the time of a search must be above 0, but is {time}");
        if (Time is null && Trials is null && LogUse != LogUse.Replay) throw new LearningException("search-limit", "a search needs a limit: a time, a number of trials, or a run to replay");
        if (LogUse != LogUse.Begin && Log is null) throw new LearningException("search-log", "to resume or replay a search, the folder of its run must be named");
    }
}

/// <summary>What a search does with a log that is already there.</summary>
public enum LogUse
{
    /// <summary>Refuses to write over it.</summary>
    Begin,
    /// <summary>Takes over what is finished and goes on.</summary>
    Resume,
    /// <summary>Does again exactly what the log says and nothing else, without a clock: gives the same package.</summary>
    Replay,
}
