using System.Runtime.ExceptionServices;

namespace Tilth.Parallelism;

/// <summary>
/// The one place where work is spread over threads. Items are claimed in any order, so a body writes only to its own
/// item's place, and callers combine results in item order: then the thread count changes no bit. Waiting threads spin for
/// some 20 microseconds (a join costs well under one while they do) and then park, so that an oversubscribed machine is not
/// harmed. A loop inside a loop runs on the thread that meets it.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    const int SpinRounds = 300;

    readonly Thread[] threads;
    readonly object parking = new();
    volatile Job? job;
    int generation, parked;
    volatile bool disposed;
    [ThreadStatic] static bool insideLoop;

    /// <summary>Starts <paramref name="threads"/> - 1 background threads; the caller of a loop is the last one.</summary>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        this.threads = new Thread[threads - 1];
        for (int i = 0; i < this.threads.Length; i++)
        {
            this.threads[i] = new Thread(Work) { IsBackground = true, Name = $"tilth-{i + 1}" };
            this.threads[i].Start();
        }
    }

    /// <summary>A pool of one thread, which is the caller's.</summary>
    public static WorkerPool Single { get; } = new(1);

    /// <summary>Threads that share a loop, the caller included.</summary>
    public int Threads => threads.Length + 1;

    /// <summary>Runs <paramref name="body"/> for every item from 0 to <paramref name="count"/> - 1 and waits for all.</summary>
    /// <exception cref="Exception">What the body of the lowest failing item threw; items after it may not have run.</exception>
    public void For(int count, Action<int> body)
    {
        if (count <= 1 || threads.Length == 0 || insideLoop)
        {
            for (int item = 0; item < count; item++) body(item);
            return;
        }
        lock (threads)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var mine = new Job(count, body);
            job = mine;
            CallWorkers();
            Run(mine);
            mine.CloseAndWait();
            job = null;
            mine.Rethrow();
        }
    }

    /// <summary>Splits <paramref name="count"/> rows into chunks of <paramref name="chunk"/> and runs (chunk, start, end).</summary>
    public void ForChunks(int count, int chunk, Action<int, int, int> body)
        => For((int)(((long)count + chunk - 1) / chunk), i => body(i, i * chunk, (int)Math.Min(count, ((long)i + 1) * chunk)));

    /// <summary>Ends the threads; a running loop finishes first.</summary>
    public void Dispose()
    {
        lock (threads)
        {
            disposed = true;
            CallWorkers();
        }
        foreach (var thread in threads) thread.Join();
    }

    void CallWorkers()
    {
        Interlocked.Increment(ref generation);
        if (Volatile.Read(ref parked) > 0)
            lock (parking) Monitor.PulseAll(parking);
    }

    void Work()
    {
        for (int seen = 0; !disposed;)
        {
            seen = AwaitCall(seen);
            if (job is { } current && current.TryEnter())
            {
                Run(current);
                current.Leave();
            }
        }
    }

    int AwaitCall(int seen)
    {
        for (int spin = SpinRounds; spin > 0; spin--)
        {
            if (Volatile.Read(ref generation) is var now && now != seen) return now;
            Thread.SpinWait(8);
        }
        lock (parking)
        {
            // Announced before the last look, as the caller looks at it after its call: one of the two sees the other.
            Interlocked.Increment(ref parked);
            while (Volatile.Read(ref generation) == seen) Monitor.Wait(parking);
            Interlocked.Decrement(ref parked);
            return Volatile.Read(ref generation);
        }
    }

    static void Run(Job job)
    {
        insideLoop = true;
        job.RunItems();
        insideLoop = false;
    }

    /// <summary>One loop: items are claimed by an atomic counter; a thread that comes after the close stays out.</summary>
    sealed class Job(int count, Action<int> body)
    {
        const int Closed = 1 << 30;

        readonly object done = new();
        int next = -1, inside, failedItem = int.MaxValue;
        Exception? failure;

        public bool TryEnter()
        {
            for (int state = Volatile.Read(ref inside); (state & Closed) == 0;)
            {
                int before = Interlocked.CompareExchange(ref inside, state + 1, state);
                if (before == state) return true;
                state = before;
            }
            return false;
        }

        public void Leave()
        {
            if (Interlocked.Decrement(ref inside) == Closed) lock (done) Monitor.PulseAll(done);
        }

        public void RunItems()
        {
            for (int item; (item = Interlocked.Increment(ref next)) < count;)
            {
                try { body(item); }
                catch (Exception exception) { Fail(item, exception); }
            }
        }

        public void CloseAndWait()
        {
            Interlocked.Or(ref inside, Closed);
            for (int spin = SpinRounds; spin > 0 && Volatile.Read(ref inside) != Closed; spin--) Thread.SpinWait(8);
            lock (done)
                while (Volatile.Read(ref inside) != Closed) Monitor.Wait(done);
        }

        public void Rethrow()
        {
            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
        }

        void Fail(int item, Exception exception)
        {
            lock (done)
                if (item < failedItem) (failedItem, failure) = (item, exception);
            Interlocked.Exchange(ref next, count);
        }
    }
}
