using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Metrics;
using Tilth.Models.Nodes;
using Tilth.Statistics;

namespace Tilth.Search;

/// <summary>What a search found.</summary>
/// <param name="Node">Predicts from conformed tables.</param>
/// <param name="OutOfFold">Predictions of rows by what did not see them, neither in learning nor in choosing.</param>
/// <param name="Board">Every candidate with its score, the best first; null for what is there before the first trial ends.</param>
/// <param name="Trials">Number of the last trial that it knows of.</param>
/// <param name="Decisions">What was chosen.</param>
internal sealed record SearchOutcome(Node Node, OutOfFold OutOfFold, Leaderboard? Board, int Trials, IReadOnlyList<Decision> Decisions)
{
    /// <summary>The members that the limits of serving left; null for all.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Whether the members were learned again from all rows.</summary>
    public bool Refitted { get; init; }

    /// <summary>Settings of the one model that learned what the blend foresees and took its place; null if none did.</summary>
    public Candidate? Distilled { get; init; }
}

/// <summary>
/// Buys the most accurate model that the given time or number of trials can pay: fits candidates on shared folds, drops hopeless
/// ones after the first fold, blends the rest, and scores the blend on rows that its choice did not see. Everything that the
/// clock decides is in the log, from which the run can be done again to the bit.
/// </summary>
internal sealed class ModelSearch
{
    /// <summary>After so many trials in a row that would not have fitted into the time, nothing will.</summary>
    const int SkippedInVain = 10;

    readonly SearchPlan plan;
    readonly SearchData search;
    readonly Deadline deadline;
    readonly FitContext context;
    readonly TrialRun runner;
    readonly Proposals proposals;
    readonly ServingLimits limits;
    readonly MemberRefit refit;
    readonly Distillation distillation;
    readonly TrialLog log;
    readonly Action<SearchOutcome>? improved;
    readonly List<Trial> trials = [];
    Proposal? smaller;
    int number;

    ModelSearch(SearchPlan plan, TrialLog log, SearchData search, Deadline deadline, IReadOnlyList<Candidate> portfolio, FitContext outside, Action<SearchOutcome>? improved)
    {
        (this.plan, this.log, this.search, this.deadline, this.improved) = (plan, log, search, deadline, improved);
        context = deadline.Context with { Progress = outside.Progress is { } progress ? new TrialProgress(this, progress) : null };
        var prepared = new PreparedSets(search, Math.Min(outside.MemoryLimit / 3, 2L << 30));
        runner = new TrialRun(search, prepared, context);
        refit = new MemberRefit(search, prepared);
        limits = new ServingLimits(plan, search);
        distillation = new Distillation(search, prepared, limits);
        proposals = new Proposals(portfolio, search, outside.Seed);
    }

    /// <summary>Searches.</summary>
    /// <param name="plan">Limits and log.</param>
    /// <param name="log">Gets every trial; may have some of an earlier run.</param>
    /// <param name="data">The whole table.</param>
    /// <param name="rows">The rows that may be read, ascending.</param>
    /// <param name="folds">Models a candidate; null to choose by rows and time.</param>
    /// <param name="begun">The plan's clock when the walk began.</param>
    /// <param name="context">Seed, threads, limits, progress, and the two ways to stop.</param>
    /// <param name="improved">Told of every outcome on the way, each of which could be the end.</param>
    /// <param name="portfolio">What is tried first; null for <see cref="Portfolio"/>.</param>
    /// <exception cref="LearningException">Nothing can be learned; or the log is of another run.</exception>
    public static SearchOutcome Run(SearchPlan plan, TrialLog log, TrainingTable data, int[] rows, int? folds, long begun, FitContext context, Action<SearchOutcome>? improved = null, IReadOnlyList<Candidate>? portfolio = null)
    {
        var metric = plan.Metric is { } named ? MetricCatalog.Find(named) : MetricCatalog.Headline(data.Target.Task);
        if (!metric.Tasks.Contains(data.Target.Task)) throw new LearningException("search-metric", $"{metric.Name} does not measure a {data.Target.Task.ToString().ToLowerInvariant()} target");
        var search = new SearchData(data, rows, log.Head?.Folds ?? FoldChoice.For(data, rows, folds, plan.LogUse == LogUse.Replay ? null : plan.Time - plan.Clock.GetElapsedTime(begun)), metric, context.Seed);
        log.Begin(new LogHead(TableHash.Of(data.Table), data.Target.Schema.Column, rows.Length, context.Seed, search.Folds, metric.Name));
        using var deadline = new Deadline(plan, begun, rows.Length, context);
        var run = new ModelSearch(plan, log, search, deadline, Allowed(plan, portfolio ?? plan.Portfolio ?? Portfolio.For(data, rows.Length, search.Folds, plan.Time?.TotalSeconds * context.Workers.Threads)), context, improved);
        run.Repeat(log);
        if (plan.LogUse != LogUse.Replay) run.GoOn(log);
        return run.Finish(context);
    }

    static IReadOnlyList<Candidate> Allowed(SearchPlan plan, IReadOnlyList<Candidate> portfolio)
    {
        IReadOnlyList<Candidate> left = [.. portfolio.Where(candidate => !plan.Exclude.Contains(candidate.Entry.Name))];
        return left.Count > 0 ? left : throw new LearningException("search-exclude", $"every learner of the search is excluded: {Spelling.List(portfolio.Select(candidate => candidate.Entry.Name).Distinct())}");
    }

    /// <summary>
    /// Does again what the log has as done, and takes everything else from it. What the time cut short or kept from beginning is
    /// forgotten when the run goes on, so that it may be tried again.
    /// </summary>
    void Repeat(TrialLog log)
    {
        number = plan.LogUse == LogUse.Replay ? log.LastTrial : log.Trials.Select(trial => trial.Number).DefaultIfEmpty().Max();
        foreach (var logged in log.Trials)
        {
            context.ThrowIfCancelled();
            if (plan.LogUse == LogUse.Replay && logged.Number > log.LastTrial) break;
            if (logged.Status is TrialStatus.Cut or TrialStatus.Skipped || (logged.Status == TrialStatus.Done && logged.Reason.Length > 0)) continue;
            if (logged.Status != TrialStatus.Done) trials.Add(logged.Bare());
            else if (context.ShouldFinish && trials.Count > 0) break;
            else if (Again(log, logged) is var again && (again.Foreseen is null || trials.Count == 0)) trials.Add(again);
        }
    }

    /// <summary>A run that goes on takes models from where they lie; a replay proves that they come again.</summary>
    Trial Again(TrialLog log, LoggedTrial logged)
    {
        if (plan.LogUse == LogUse.Resume && log.Restore(logged, search.ScoredRows.Length * search.Outputs) is { } restored) return restored;
        var trial = runner.Run(logged.Number, logged.Candidate, logged.Repeat, null, null) with { Seconds = logged.Seconds };
        return trial.Status != TrialStatus.Failed ? trial : throw new LearningException("search-log", $"trial {logged.Number} of the log is done there, but now fails: {trial.Reason}");
    }

    void GoOn(TrialLog log)
    {
        while ((!context.ShouldFinish || Best() is null) && !(Done().Count() >= plan.Trials) && (smaller ?? proposals.Next(trials)) is { } next)
        {
            smaller = null;
            context.ThrowIfCancelled();
            var trial = Try(next);
            if (trials.RemoveAll(partial => partial.Number == number) > 0) deadline.RehearseAgain();
            trials.Add(trial);
            log.Add(trial);
            if (trial.Status == TrialStatus.Done && !context.ShouldFinish) Rehearse();
            if (trials.Count >= SkippedInVain && trials.TakeLast(SkippedInVain).All(last => last.Status == TrialStatus.Skipped)) break;
        }
    }

    /// <summary>Does what the end will do, so that the deadline knows how long it takes and there is always something whole to keep.</summary>
    void Rehearse()
    {
        if (improved is null) return;
        var all = Member.Of(trials, search);
        var members = Usable(all);
        double distilling = limits.Any ? TimeToDistil(all) ?? 0 : 0;
        if (distilling > 0) deadline.Keep(distilling);
        if (members.Count == 0) return;
        deadline.Rehearse(members.Count, members.Sum(member => member.Trials.Count), () =>
        {
            var (outcome, used) = OutcomeOf(members, context with { Progress = null });
            if (plan.Refit) deadline.Keep(distilling + used.Sum(pair => refit.Seconds(pair.Member)));
            return () => improved(outcome);
        });
    }

    Trial Try(Proposal next)
    {
        number++;
        var best = Best();
        int done = trials.Count(trial => trial.Status == TrialStatus.Done);
        double most = deadline.LeftForOne(done);
        // The second may follow a first that was made to be quick: as much of it as fits is better.
        bool shortens = done == 1 && next.Candidate.Learner is IStepsLearner;
        if (best is not null && !shortens && CostModel.Seconds(next.Candidate, trials) is { } seconds && seconds > most)
            return new Trial(number, next.Candidate, next.Repeat, TrialStatus.Skipped, double.PositiveInfinity, 0, $"would take about {seconds:F1} s, with {Math.Max(0, most):F1} s for one trial");
        if (best is not null && MemoryCost.Bytes(next.Candidate, search) is var bytes && bytes > MemoryLeft(bytes))
        {
            if (MemoryCost.Fitting(next.Candidate, search, MemoryLeft(bytes)) is { } fitting && !trials.Exists(trial => trial.Candidate.Key == fitting.Key)) smaller = new Proposal(fitting, next.Repeat);
            return new Trial(number, next.Candidate, next.Repeat, TrialStatus.Skipped, double.PositiveInfinity, 0, $"would hold about {bytes >> 20} MB, which is more than the memory allows{(smaller is null ? "" : "; a smaller one follows")}");
        }
        double start = deadline.Elapsed;
        using var time = best is null ? null : new TrialTime(deadline, search.Folds, most);
        var trial = runner.Run(number, next.Candidate, next.Repeat, next.Repeat == 0 ? best : null, time, best is null ? TellOnTheWay : null);
        return trial with { Seconds = deadline.Elapsed - start };

        // A first model that takes most of the time is kept as far as it is, once.
        void TellOnTheWay(Func<Trial> partial, double part)
        {
            if (!deadline.IsSlow((deadline.Elapsed - start) / part) || trials.Exists(other => other.Number == number)) return;
            trials.Add(partial());
            Rehearse();
        }
    }

    /// <summary>Bytes for a trial; what nobody holds any more is counted out if it would decide.</summary>
    long MemoryLeft(long wanted)
    {
        if (context.MemoryLimit == long.MaxValue) return long.MaxValue;
        if (context.MemoryLimit - GC.GetTotalMemory(false) is var left && left >= wanted) return left;
        return context.MemoryLimit - GC.GetTotalMemory(forceFullCollection: true);
    }

    IEnumerable<Trial> Done() => trials.Where(trial => trial.Status is TrialStatus.Done or TrialStatus.Dropped or TrialStatus.Failed);

    Trial? Best() => trials.Where(trial => trial.Status == TrialStatus.Done).MinBy(trial => trial.Error);

    SearchOutcome Finish(FitContext outside)
    {
        var all = Member.Of(trials, search);
        var members = Usable(all);
        if (all.Count == 0)
            throw new LearningException("search-nothing", trials.FirstOrDefault(trial => trial.Status == TrialStatus.Failed) is { } failed ? $"no trial gave a model; the first failed with: {failed.Reason}" : "the time ended before there was a model");
        outside.ThrowIfCancelled();
        outside.Progress?.Report(new FitProgress("blending", 0, 0));
        (SearchOutcome? outcome, IReadOnlyList<(Member Member, double Weight)> used) = members.Count > 0 ? OutcomeOf(members, outside) : (null, []);
        if (Distilled(all, members, outcome, outside) is { } distilled) return distilled;
        if (outcome is null) throw limits.Refusal(all);
        return plan.LogUse == LogUse.Replay ? (log.Refitted ?? plan.Refit) ? WithAllRows(outcome, used, outside) : outcome
            : plan.Refit && !outside.ShouldFinish && used.Sum(pair => refit.Seconds(pair.Member)) < deadline.LeftForLast ? WithAllRows(outcome, used, outside) : outcome;
    }

    /// <summary>What may be a member of the blend.</summary>
    IReadOnlyList<Member> Usable(IReadOnlyList<Member> all)
    {
        if (plan.LogUse == LogUse.Replay) return log.Allowed is { } allowed ? [.. all.Where(member => allowed.Contains(member.Candidate.Key))] : all;
        return limits.Any ? [.. all.Where(member => limits.Hold([member]))] : all;
    }

    /// <summary>The blend of those members that together hold the limits, and the members with a weight.</summary>
    (SearchOutcome Outcome, IReadOnlyList<(Member Member, double Weight)> Used) OutcomeOf(IReadOnlyList<Member> members, FitContext context)
    {
        while (true)
        {
            var blend = FinalBlend.Of(members, search, context);
            IReadOnlyList<(Member Member, double Weight)> used = [.. members.Select((member, m) => (member, blend.Weights[m])).Where(pair => pair.Item2 > 0)];
            if (plan.LogUse == LogUse.Replay || !limits.Any || limits.Hold(used.Select(pair => pair.Member)))
                return (new(blend.Node, blend.OutOfFold, Leaderboard.Of(members, blend, trials, search, context), number, Decide(members, blend)) { Allowed = limits.Any || log.Allowed is not null ? [.. members.Select(member => member.Candidate.Key)] : null }, used);
            var dropped = limits.Costliest(used.Select(pair => pair.Member));
            members = [.. members.Where(member => member != dropped)];
        }
    }

    /// <summary>
    /// One model that learned what the blend without limits foresees, where that is clearly better than what holds them; null if it is not,
    /// or if there is no need, no time or nobody to teach.
    /// </summary>
    SearchOutcome? Distilled(IReadOnlyList<Member> all, IReadOnlyList<Member> members, SearchOutcome? limited, FitContext context)
    {
        bool replays = plan.LogUse == LogUse.Replay;
        if (replays ? log.Distilled is null : !limits.Any || context.ShouldFinish || !(TimeToDistil(all) < deadline.LeftForLast)) return null;
        var teacher = FinalBlend.Of(all, search, context);
        if (!replays && limits.Hold(all.Where((_, m) => teacher.Weights[m] > 0))) return null;
        // What is not whole in time is abandoned: a student that was cut short could not be replayed.
        using var time = deadline.TimerOf(deadline.LeftForLast);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation, context.FinishEarly, time.Token);
        var whole = context with { Cancellation = ended.Token, FinishEarly = default };
        try
        {
            var student = replays ? distillation.Again(log.Distilled!, all, teacher, whole) : distillation.Of(all, teacher, whole);
            return student is not null && (replays || limited is null || IsBetter(student, limited.OutOfFold, context)) ? OutcomeOf(student, members, teacher, context) : null;
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested) { return null; }
        catch (LearningException) when (!replays) { return null; }
    }

    /// <summary>By more than a paired standard error: what need not be replaced stays (the rule of Breiman et al., 1984, for the smaller tree).</summary>
    bool IsBetter(Member student, OutOfFold limited, FitContext context)
    {
        var difference = new PairedScores([student.OutOfFold, limited.Predictions], [.. Enumerable.Range(0, search.ScoredRows.Length)], search, context).Difference(0, 1);
        return search.Error(limited.Predictions) - student.Error > (difference.Upper - difference.Lower) / (2 * ProportionInterval.Z95);
    }

    /// <summary>Seconds for a student; null if nobody can be taught, or not in a quarter of the time.</summary>
    double? TimeToDistil(IReadOnlyList<Member> all)
        => Distillation.Seconds(all) is var seconds && double.IsFinite(seconds) && !deadline.IsSlow(2 * seconds) && all.All(member => member.Trials[0].Foreseen is null) ? seconds : null;

    SearchOutcome OutcomeOf(Member student, IReadOnlyList<Member> members, FinalBlend teacher, FitContext context)
    {
        Member[] listed = [.. members, student];
        var alone = FinalBlend.Of([student], search, context) with { Weights = [.. members.Select(_ => 0.0), 1] };
        alone = alone with { OutOfFold = alone.OutOfFold with { Divisions = teacher.DeviationsAround(student.OutOfFold, search) } };
        string What(double error) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{search.ScoreOf(error):G5}");
        return new(alone.Node, alone.OutOfFold, Leaderboard.Of(listed, alone, trials, search, context), number,
        [
            .. Decide(listed, alone),
            new("distillation", $"one model that learned what a blend of {teacher.Weights.Count(weight => weight > 0)} foresees", $"{search.Metric.Name} {What(student.Error)}, the blend's is {What(search.Error(teacher.OutOfFold.Predictions))}; nothing better holds the limits"),
        ]) { Allowed = [.. members.Select(member => member.Candidate.Key)], Distilled = student.Candidate };
    }

    /// <summary>The same blend of members that learned from all rows, one model each. Its score is that of the fold models.</summary>
    SearchOutcome WithAllRows(SearchOutcome outcome, IReadOnlyList<(Member Member, double Weight)> used, FitContext context)
    {
        Member[] again = [.. used.Select(pair => pair.Member with { Node = refit.Fit(pair.Member, context) })];
        return outcome with
        {
            Node = FinalBlend.NodeOf(again, [.. used.Select(pair => pair.Weight)]), Refitted = true,
            Decisions = [.. outcome.Decisions, new("refit", $"{again.Length} members learned once more from all rows", "--effort good: one model a member; the score is that of the models that left rows out")],
        };
    }

    Decision[] Decide(IReadOnlyList<Member> members, FinalBlend blend)
    {
        int Count(TrialStatus status) => trials.Count(trial => trial.Status == status);
        var joined = members.Zip(blend.Weights).Where(pair => pair.Second > 0).OrderByDescending(pair => pair.Second).Select(pair => $"{pair.First.Candidate.Entry.Title} {pair.Second:P0}");
        return
        [
            new("search", $"{Count(TrialStatus.Done)} models over {search.Folds} folds, chosen by {search.Metric.Name}", $"{Count(TrialStatus.Done)} trials done, {Count(TrialStatus.Dropped)} dropped after a fold, {Count(TrialStatus.Failed)} failed"),
            new("blend", string.Join(", ", joined), "greedy selection on out-of-fold predictions; its score is of rows that the selection did not see"),
        ];
    }

    /// <summary>Says which trial it is, the best so far and the time left.</summary>
    sealed class TrialProgress(ModelSearch owner, IProgress<FitProgress> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            string left = double.IsFinite(owner.deadline.Left) ? $", {Math.Max(0, owner.deadline.Left):F0} s left" : "";
            var best = owner.Best();
            progress.Report(new FitProgress($"trial {owner.number}: {value.Stage}", 0, 0, best is null ? null : "best " + owner.search.Metric.Name, best is null ? null : owner.search.ScoreOf(best.Error), value.Detail + left));
        }
    }
}
