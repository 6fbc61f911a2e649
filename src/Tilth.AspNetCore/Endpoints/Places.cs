using System.Diagnostics;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// Places for calls that are worked on at once, and a queue for those that come meanwhile: first come, first served. The queue
/// is as long as it can be without anybody waiting long: beyond its least seats only while the calls of late are so short that
/// the last in it would wait no longer than <see cref="ShortWait"/>. The least is twice the places, so that a burst is answered;
/// where the queue was never empty for a while there are more calls than can be answered, and as many seats as places only
/// keep everybody's wait at about one call's time (the standing queue of CoDel, Nichols and Jacobson 2012). Thread-safe.
/// </summary>
/// <param name="most">Places; at least 1.</param>
/// <param name="mostWaiting">Seats of the queue, however short the calls.</param>
internal sealed class Places(int most, int mostWaiting)
{
    /// <summary>Nobody minds.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(5);

    /// <summary>A burst's queue is empty again after so long, or after that many calls' time.</summary>
    static readonly TimeSpan burst = TimeSpan.FromMilliseconds(100);

    const double Forgetting = 1.0 / 32, BurstCalls = 8;

    readonly Lock change = new();
    readonly Queue<TaskCompletionSource> waiting = new();
    int taken;
    long filled; // when somebody came into the empty queue
    double held; // seconds, a moving mean

    /// <summary>Whether a caller would be turned away now; costs next to nothing.</summary>
    public bool IsFull
    {
        get
        {
            lock (change) return taken >= most && !HasSeat(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>A place, at once or after waiting; null if there is no seat in the queue either.</summary>
    public async ValueTask<Place?> Enter(CancellationToken stop)
    {
        TaskCompletionSource seat;
        lock (change)
        {
            long now = Stopwatch.GetTimestamp();
            if (taken < most)
            {
                taken++;
                return new Place(this, now);
            }
            if (!HasSeat(now)) return null;
            if (waiting.Count == 0) filled = now;
            waiting.Enqueue(seat = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        using (stop.UnsafeRegister(static seat => ((TaskCompletionSource)seat!).TrySetCanceled(), seat)) await seat.Task.ConfigureAwait(false);
        return new Place(this, Stopwatch.GetTimestamp());
    }

    bool HasSeat(long now)
    {
        int seated = waiting.Count;
        if (seated >= mostWaiting) return false;
        if (seated < most || (seated + 1) * held <= most * ShortWait.TotalSeconds) return true;
        double standing = Stopwatch.GetElapsedTime(filled, now).TotalSeconds;
        return seated < 2 * most && standing <= Math.Max(burst.TotalSeconds, BurstCalls * held);
    }

    void Leave(TimeSpan time)
    {
        lock (change)
        {
            held += (time.TotalSeconds - held) * Forgetting;
            // Who has left the queue by himself is passed over; else the place goes on without becoming free.
            while (waiting.TryDequeue(out var next))
                if (next.TrySetResult()) return;
            taken--;
        }
    }

    /// <summary>A place; dispose it to leave.</summary>
    public readonly struct Place(Places places, long since) : IDisposable
    {
        public void Dispose() => places.Leave(Stopwatch.GetElapsedTime(since));
    }
}
