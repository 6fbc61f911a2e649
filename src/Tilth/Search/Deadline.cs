using Tilth.Fitting;

namespace Tilth.Search;

/// <summary>
/// When trials must end, so that choosing, scoring and packing still fit into the time. Makes the context that trials run in:
/// its wish to finish early comes at that moment, or when the caller has it.
/// </summary>
internal sealed class Deadline : IDisposable
{
    /// <summary>What is kept back for the end: at least this many seconds, or this share of the time.</summary>
    const double LeastReserve = 0.4, ReserveShare = 0.08, MostReserve = 20;

    readonly TimeProvider? clock;
    readonly long begun;
    readonly double seconds = double.PositiveInfinity;
    readonly CancellationTokenSource? timer;
    readonly CancellationTokenSource ended;

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
            double reserve = Math.Clamp(ReserveShare * time.TotalSeconds, LeastReserve, MostReserve) + rows * 10e-6;
            seconds = Math.Max(0.02, time.TotalSeconds - Math.Min(reserve, 0.5 * time.TotalSeconds));
            timer = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(0.01, seconds - Elapsed)), clock);
        }
        ended = CancellationTokenSource.CreateLinkedTokenSource(context.FinishEarly, timer?.Token ?? default);
        Context = context with { FinishEarly = ended.Token };
    }

    /// <summary>What trials run in.</summary>
    public FitContext Context { get; }

    /// <summary>Seconds since the walk began; 0 without a clock.</summary>
    public double Elapsed => clock?.GetElapsedTime(begun).TotalSeconds ?? 0;

    /// <summary>Seconds for trials; infinite without a limit.</summary>
    public double Left => seconds - Elapsed;

    public void Dispose()
    {
        ended.Dispose();
        timer?.Dispose();
    }
}
