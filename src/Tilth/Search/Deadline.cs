using Tilth.Fitting;

namespace Tilth.Search;

/// <summary>
/// When trials must end, so that choosing, scoring and packing still fit into the time. Makes the context that trials run in:
/// its wish to finish early comes at that moment, or when the caller has it.
/// </summary>
internal sealed class Deadline : IDisposable
{
    /// <summary>No trial may take more of the time, as others may bring more: but the first, which may take all, and the second.</summary>
    const double MostShare = 0.25, SecondShare = 0.5;

    /// <summary>A fit that ends with the time of all trials is lost; one that ends a little before is not.</summary>
    const double Whole = 0.8;

    /// <summary>A first trial that takes more of the time is told on its way.</summary>
    const double SlowShare = 0.5;

    /// <summary>What is kept back for the end until that was rehearsed: at least this many seconds, or this share of the time.</summary>
    const double LeastReserve = 0.4, ReserveShare = 0.05, MostReserve = 10, SecondsPerRow = 10e-6;

    /// <summary>Choosing may take so many times as long with the members still to come; scoring takes as long as it did for members that are repeated as often; showing the result is not rehearsed.</summary>
    const double ChoosingGrowth = 2, ScoringMargin = 1.3, Leaving = 0.25;

    /// <summary>With less time left than so many rehearsals none is begun: it would itself overrun.</summary>
    const double WorthRehearsing = 6;

    readonly TimeProvider? clock;
    readonly long begun;
    readonly double limit = double.PositiveInfinity;
    readonly CancellationTokenSource? timer;
    readonly CancellationTokenSource ended;
    double reserve, choosing, scoring, lastFits, rehearsedRepeats, growth = 1;
    int rehearsedModels;

    /// <param name="plan">Its time counts from <paramref name="begun"/>.</param>
    /// <param name="begun">The clock's timestamp when the walk began.</param>
    /// <param name="rows">Of the table: scoring takes longer with more.</param>
    /// <param name="context">The caller's.</param>
    public Deadline(SearchPlan plan, long begun, int rows, FitContext context)
    {
        this.begun = begun;
        clock = plan.LogUse == LogUse.Replay ? null : plan.Clock;
        if (plan.Time is { } time && clock is not null)
        {
            limit = time.TotalSeconds;
            reserve = Math.Clamp(ReserveShare * limit, LeastReserve, MostReserve) + rows * SecondsPerRow;
            timer = new CancellationTokenSource(Wait, clock);
        }
        ended = CancellationTokenSource.CreateLinkedTokenSource(context.FinishEarly, timer?.Token ?? default);
        Context = context with { FinishEarly = ended.Token };
    }

    /// <summary>What trials run in.</summary>
    public FitContext Context { get; }

    /// <summary>Seconds since the walk began; 0 without a clock.</summary>
    public double Elapsed => clock?.GetElapsedTime(begun).TotalSeconds ?? 0;

    /// <summary>Seconds for trials; infinite without a limit.</summary>
    public double Left => limit - Math.Min(reserve, 0.5 * limit) - Elapsed;

    /// <summary>A source that is cancelled after so many seconds; never without a limit.</summary>
    public CancellationTokenSource TimerOf(double seconds)
        => double.IsFinite(seconds) && clock is not null ? new(TimeSpan.FromSeconds(Math.Max(0.01, seconds)), clock) : new();

    /// <summary>Seconds for the last fits, when the trials have ended and what they gave was scored.</summary>
    public double LeftForLast => limit - scoring - Leaving - Elapsed;

    /// <summary>Keeps back so many seconds more for the last fits.</summary>
    public void Keep(double seconds)
    {
        lastFits = seconds;
        reserve = rehearsedModels > 0 ? ReserveForEnd : Math.Max(reserve, ReserveForEnd);
        if (timer is { IsCancellationRequested: false }) timer.CancelAfter(Wait);
    }

    double ReserveForEnd => Math.Max(LeastReserve, ChoosingGrowth * choosing + ScoringMargin * (growth * scoring + lastFits) + Leaving);

    /// <summary>Whether so many seconds are most of the time.</summary>
    public bool IsSlow(double seconds) => seconds > SlowShare * limit;

    /// <summary>Seconds that one trial may take from now on.</summary>
    /// <param name="done">Trials that gave a model before it; at least one.</param>
    public double LeftForOne(int done) => Math.Min(Whole * Left, (done == 1 ? SecondShare : MostShare) * limit);

    /// <summary>
    /// Measures the end by doing it, with one model, two, four and so on, and keeps back what it will take with so many more, and with members
    /// that were repeated since. The clock decides only when the trials end, never what comes out.
    /// </summary>
    /// <param name="members">Possible members of the blend by now.</param>
    /// <param name="models">Of these, counting each division into folds that a member was repeated on.</param>
    /// <param name="choose">Chooses and compares; gives what scores and packs the choice.</param>
    public void Rehearse(int members, int models, Func<Action> choose)
    {
        if (clock is null) return;
        double repeats = (double)models / members;
        if (models >= Math.Max(1, 2 * rehearsedModels) && Left >= WorthRehearsing * (choosing + scoring))
        {
            double start = Elapsed;
            var score = choose();
            double chosen = Elapsed;
            score();
            (choosing, scoring, rehearsedModels, rehearsedRepeats) = (chosen - start, Elapsed - chosen, models, repeats);
        }
        if (rehearsedModels == 0) return;
        growth = Math.Max(1, repeats / rehearsedRepeats);
        reserve = ReserveForEnd;
        if (timer is { IsCancellationRequested: false }) timer.CancelAfter(Wait);
    }

    /// <summary>The next outcome is told, whatever was told before.</summary>
    public void RehearseAgain() => rehearsedModels = 0;

    TimeSpan Wait => TimeSpan.FromSeconds(Math.Max(0.01, Left));

    public void Dispose()
    {
        ended.Dispose();
        timer?.Dispose();
    }
}
