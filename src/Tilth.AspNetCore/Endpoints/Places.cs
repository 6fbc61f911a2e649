using System.Diagnostics;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// Places for calls that are worked on at once, and a queue for those that come meanwhile: first come, first served. The queue
/// is as long as it can be without anybody waiting long: twice the places, and beyond that only while the calls of late are so
/// short that the last in it would wait no longer than <see cref="ShortWait"/>. Thread-safe.
/// </summary>
/// <param name="most">Places; at least 1.</param>
/// <param name="mostWaiting">Seats of the queue, however short the calls.</param>
internal sealed class Places(int most, int mostWaiting)
{
    /// <summary>Nobody minds.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(5);

    const double Forgetting = 1.0 / 32;

    readonly Lock change = new();
    readonly Queue<TaskCompletionSource> waiting = new();
    int taken;
    double held; // seconds, a moving mean

    /// <summary>A place, at once or after waiting; null if there is no seat in the queue either.</summary>
    public async ValueTask<Place?> Enter(CancellationToken stop)
    {
        TaskCompletionSource seat;
        lock (change)
        {
            if (taken < most)
            {
                taken++;
                return new Place(this, Stopwatch.GetTimestamp());
            }
            if (waiting.Count >= mostWaiting || (waiting.Count >= 2 * most && (waiting.Count + 1) * held > most * ShortWait.TotalSeconds)) return null;
            waiting.Enqueue(seat = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        using (stop.UnsafeRegister(static seat => ((TaskCompletionSource)seat!).TrySetCanceled(), seat)) await seat.Task.ConfigureAwait(false);
        return new Place(this, Stopwatch.GetTimestamp());
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
