using System.CommandLine;
using System.Diagnostics;
using Tilth.Search;

namespace Tilth.Cli.Commands;

/// <summary>How hard to look for the best model: a search within limits, or one learner.</summary>
sealed class SearchOptions
{
    /// <summary>What the process needs to write the package and to leave.</summary>
    static readonly TimeSpan Leaving = TimeSpan.FromMilliseconds(150);

    /// <summary>Memory of the process beside what is allocated: code, stacks, the collector's own.</summary>
    const long OutsideHeap = 150L << 20, LeastMemory = 300L << 20;

    readonly Option<TimeSpan?> time = CommonOptions.Time();
    readonly Option<string?> effort = new("--effort") { Description = "quick: one model, no search; good: search, and learn each member of the blend once more from all rows, which is smaller and faster; best (the default): keep all of its fold models." };
    readonly Option<int?> trials = new("--trials") { Description = "So many trials at most; without --time the same number gives the same package, byte for byte.", CustomParser = result => CommonOptions.Whole("--trials", 1, 1_000_000)(result) };
    readonly Option<string?> metric = new("--metric") { Description = "The metric to choose by; auc, log_loss or rmse if not given." };
    readonly Option<string[]> exclude = new("--without") { Description = "A learner that is not tried. May repeat." };
    readonly Option<string?> latency = new("--max-latency") { Description = "Most time that predicting one row may take, as measured here: 50us or 2ms. If the best blend takes longer, one model that learned what it foresees is tried too." };
    readonly Option<long?> size = CommonOptions.Bytes("--max-size", "Most that the models may take: 500KB or 5MB. If the best blend takes more, one model that learned what it foresees is tried too.");
    readonly Option<long?> memory = CommonOptions.Bytes("--memory", "Most memory that the process may hold: 1GB.");
    readonly Option<string?> run = new("--run") { Description = "The folder to which every trial is written as it ends; the package's name with .run if not given." };
    readonly Option<bool> resume = new("--resume") { Description = "Go on with the run that was stopped or killed; what it finished is taken over." };
    readonly Option<bool> replay = new("--replay") { Description = "Do again exactly what the run did, without a clock; gives the same package." };

    Option[] OfSearch => [effort, trials, metric, exclude, latency, size, memory, run, resume, replay];

    public void AddTo(Command command)
    {
        command.Options.Add(time);
        foreach (var option in OfSearch) command.Options.Add(option);
    }

    /// <summary>What --time says, or null.</summary>
    public TimeSpan? TimeOf(ParseResult parsed) => parsed.GetValue(time);

    /// <summary>The plan, or null for one learner without a search.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="oneLearner">The option that asks for one learner, or null.</param>
    /// <param name="package">Where the package goes: the run's folder stands beside it.</param>
    /// <exception cref="LearningException">Options contradict each other.</exception>
    public SearchPlan? Read(ParseResult parsed, string? oneLearner, string package)
    {
        string word = parsed.GetValue(effort) ?? "best";
        if (word is not ("quick" or "good" or "best")) throw new LearningException("effort", $"--effort is '{word}', but must be quick, good or best");
        if (oneLearner is not null || word == "quick")
        {
            string without = oneLearner ?? "--effort quick";
            foreach (var option in OfSearch)
                if (parsed.GetResult(option) is { Implicit: false } && !(option == effort && word == "quick")) throw new LearningException("search-option", $"{without} fits one learner without a search, so that {option.Name} has no meaning; leave out one of them");
            return null;
        }
        if (parsed.GetValue(resume) && parsed.GetValue(replay)) throw new LearningException("search-option", "--resume and --replay exclude each other");
        var use = parsed.GetValue(replay) ? LogUse.Replay : parsed.GetValue(resume) ? LogUse.Resume : LogUse.Begin;
        return new()
        {
            Time = parsed.GetValue(time), Trials = parsed.GetValue(trials), Metric = parsed.GetValue(metric), Exclude = [.. (parsed.GetValue(exclude) ?? []).SelectMany(names => names.Split(','))],
            Refit = word == "good", MaxLatency = LatencyOf(parsed.GetValue(latency)), MaxBytes = parsed.GetValue(size),
            Log = parsed.GetValue(run) ?? (OutputFile.IsDevice(package) ? null : Path.ChangeExtension(package, ".run")), LogUse = use,
        };
    }

    /// <summary>Holds the process to --memory from here on; gives what fits may use.</summary>
    public long LimitMemory(ParseResult parsed)
    {
        if (parsed.GetValue(memory) is not { } bytes) return long.MaxValue;
        if (bytes < LeastMemory) throw new LearningException("memory", $"--memory is {bytes >> 20} MB, but the tool needs at least {LeastMemory >> 20} MB");
        long heap = bytes - OutsideHeap;
        AppContext.SetData("GCHeapHardLimit", (ulong)heap);
        GC.RefreshMemoryLimit();
        return heap * 3 / 4;
    }

    static TimeSpan? LatencyOf(string? text)
    {
        if (text is null) return null;
        double unit = text.EndsWith("us", StringComparison.Ordinal) ? 1e-6 : text.EndsWith("ms", StringComparison.Ordinal) ? 1e-3 : 0;
        return unit > 0 && double.TryParse(text[..^2], System.Globalization.CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1e7 ? TimeSpan.FromSeconds(value * unit)
            : throw new LearningException("max-latency", $"--max-latency is '{text}', but must be a time such as 50us or 2ms");
    }

    /// <summary>The plan with a time that fits the table if it has no limit; says so.</summary>
    public static SearchPlan WithTime(SearchPlan plan, Data.Table table, Action<string> say)
    {
        if (plan.Time is not null || plan.Trials is not null || plan.LogUse == LogUse.Replay) return plan;
        var chosen = SearchPlan.TimeFor(table.RowCount, table.Columns.Count);
        say(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"searching for {chosen.TotalSeconds:F0} s, as fits the table's size; --time sets it, and --effort quick fits one model without a search"));
        return plan with { Time = chosen };
    }

    /// <summary>The plan with what is left of its time, which counts from the start of the process to its end.</summary>
    public static SearchPlan AfterStart(SearchPlan plan)
    {
        var spent = DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime() + Leaving;
        return plan.Time is { } time ? plan with { Time = TimeSpan.FromSeconds(Math.Max(0.1, (time - spent).TotalSeconds)) } : plan;
    }
}
