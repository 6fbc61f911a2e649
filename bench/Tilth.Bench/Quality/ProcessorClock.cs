using System.Diagnostics;

namespace Tilth.Bench.Quality;

/// <summary>
/// A clock that goes on only while this process computes: its seconds are processor seconds divided by the threads, so that a
/// budget buys the same work on a machine that others share.
/// </summary>
sealed class ProcessorClock(int threads) : TimeProvider
{
    const int PollMilliseconds = 10;

    readonly Process process = Process.GetCurrentProcess();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        process.Refresh();
        return process.TotalProcessorTime.Ticks / threads;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Alarm(this, callback, state, dueTime);

    /// <summary>Looks at the clock again and again; rings once.</summary>
    sealed class Alarm : ITimer
    {
        readonly ProcessorClock clock;
        readonly Timer poll;
        long due;

        public Alarm(ProcessorClock clock, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            this.clock = clock;
            Change(dueTime, Timeout.InfiniteTimeSpan);
            poll = new Timer(_ =>
            {
                long at = Interlocked.Read(ref due);
                if (clock.GetTimestamp() >= at && Interlocked.CompareExchange(ref due, long.MaxValue, at) == at) callback(state);
            }, null, PollMilliseconds, PollMilliseconds);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Exchange(ref due, dueTime < TimeSpan.Zero ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void Dispose() => poll.Dispose();

        public ValueTask DisposeAsync() => poll.DisposeAsync();
    }
}
