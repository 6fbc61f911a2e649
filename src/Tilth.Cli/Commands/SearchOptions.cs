using System.CommandLine;
using System.Diagnostics;
using Tilth.Search;

namespace Tilth.Cli.Commands;

/// <summary>Whether to search for the best blend of models, and with which limits.</summary>
sealed class SearchOptions
{
    static readonly TimeSpan UsualTime = TimeSpan.FromMinutes(1);

    /// <summary>What the process needs to write the package and to leave.</summary>
    static readonly TimeSpan Leaving = TimeSpan.FromMilliseconds(150);

    readonly Option<bool> search = new("--search") { Description = "Search for the best blend of models within --time (1m if not given) instead of fitting one learner." };
    readonly Option<int?> trials = new("--trials") { Description = "With --search: so many trials at most; without --time the same number gives the same package, byte for byte." };
    readonly Option<string?> metric = new("--metric") { Description = "With --search: the metric to choose by; auc, log_loss or rmse if not given." };
    readonly Option<string?> log = new("--log") { Description = "With --search: append every trial to this file of JSON lines." };
    readonly Option<bool> resume = new("--resume") { Description = "With --search: take over what the log has and go on." };
    readonly Option<bool> replay = new("--replay") { Description = "With --search: do again exactly what the log says, without a clock; gives the same package." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[search, trials, metric, log, resume, replay]) command.Options.Add(option);
    }

    /// <summary>The plan, or null if no search is asked for.</summary>
    /// <exception cref="LearningException">Options contradict each other.</exception>
    public SearchPlan? Read(ParseResult parsed, TimeSpan? time)
    {
        if (!parsed.GetValue(search))
        {
            foreach (Option option in (Option[])[trials, metric, log, resume, replay])
                if (parsed.GetResult(option) is { Implicit: false }) throw new LearningException("search-option", $"{option.Name} needs --search");
            return null;
        }
        if (parsed.GetValue(resume) && parsed.GetValue(replay)) throw new LearningException("search-option", "--resume and --replay exclude each other");
        var use = parsed.GetValue(replay) ? LogUse.Replay : parsed.GetValue(resume) ? LogUse.Resume : LogUse.Begin;
        int? most = parsed.GetValue(trials);
        if (time is null && most is null && use != LogUse.Replay) time = UsualTime;
        return new() { Time = time, Trials = most, Metric = parsed.GetValue(metric), Log = parsed.GetValue(log), LogUse = use };
    }

    /// <summary>The plan with what is left of its time, which counts from the start of the process to its end.</summary>
    public static SearchPlan AfterStart(SearchPlan plan)
    {
        var spent = DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime() + Leaving;
        return plan.Time is { } time ? plan with { Time = TimeSpan.FromSeconds(Math.Max(0.1, (time - spent).TotalSeconds)) } : plan;
    }
}
