using Tilth.AspNetCore.Endpoints;

namespace Tilth.Apps.Tests.Serving;

/// <summary>First come, first served; the queue is short where calls are long.</summary>
public class PlacesTests
{
    [Fact]
    public async Task Who_waits_gets_the_next_place_in_order_and_who_leaves_takes_none()
    {
        var places = new Places(1, 3);
        var stop = TestContext.Current.CancellationToken;
        var first = (await places.Enter(stop))!.Value;
        using var impatient = new CancellationTokenSource();
        var second = places.Enter(stop).AsTask();
        var gone = places.Enter(impatient.Token).AsTask();
        var third = places.Enter(stop).AsTask();
        Assert.Null(await places.Enter(stop));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first.Dispose();
        var now = (await second)!.Value;
        Assert.False(third.IsCompleted);
        now.Dispose();
        (await third)!.Value.Dispose();
        (await places.Enter(stop))!.Value.Dispose();
    }

    [Theory]
    [InlineData(20, 4)] // long calls: twice the places
    [InlineData(0, 64)] // short ones: as many as there are seats
    public async Task The_queue_is_as_long_as_nobody_waits_long(int milliseconds, int expected)
    {
        var places = new Places(2, 64);
        var stop = TestContext.Current.CancellationToken;
        for (int i = 0; i < 30; i++)
        {
            using var place = (await places.Enter(stop))!.Value;
            if (milliseconds > 0) Thread.Sleep(milliseconds);
        }
        var taken = new[] { (await places.Enter(stop))!.Value, (await places.Enter(stop))!.Value };
        var waiting = new List<Task<Places.Place?>>();
        for (int i = 0; i < 100; i++) waiting.Add(places.Enter(stop).AsTask());
        Assert.Equal(expected, waiting.Count(task => !task.IsCompleted));
        foreach (var place in taken) place.Dispose();
        for (int i = 0; i < expected; i++) (await waiting[i])!.Value.Dispose();
    }

    [Fact]
    public async Task A_queue_that_never_empties_is_shorter_until_it_was_empty()
    {
        var places = new Places(2, 64);
        var stop = TestContext.Current.CancellationToken;
        for (int i = 0; i < 30; i++)
        {
            using var place = (await places.Enter(stop))!.Value;
            Thread.Sleep(10);
        }
        var inside = new Queue<Places.Place>([(await places.Enter(stop))!.Value, (await places.Enter(stop))!.Value]);
        var waiting = new Queue<Task<Places.Place?>>();
        while (!places.IsFull) waiting.Enqueue(places.Enter(stop).AsTask());
        Assert.Equal(4, waiting.Count);
        Thread.Sleep(2000);
        await Leave();
        await Leave();
        Assert.Equal((true, 2), (places.IsFull, waiting.Count));
        Assert.Null(await places.Enter(stop));
        await Leave();
        Assert.False(places.IsFull);
        await Leave();
        while (!places.IsFull) waiting.Enqueue(places.Enter(stop).AsTask());
        Assert.Equal(4, waiting.Count);
        while (inside.Count > 0) await Leave();

        async Task Leave()
        {
            inside.Dequeue().Dispose();
            if (waiting.TryDequeue(out var next)) inside.Enqueue((await next)!.Value);
        }
    }

    [Fact]
    public async Task No_more_than_the_places_are_ever_taken()
    {
        var places = new Places(3, 1000);
        int inside = 0, most = 0, served = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            Places.Place? got;
            while ((got = await places.Enter(TestContext.Current.CancellationToken)) is null) await Task.Yield(); // on a slow machine calls are long
            using var place = got.Value;
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref served);
        }, TestContext.Current.CancellationToken)));
        Assert.Equal(200, served);
        Assert.InRange(most, 1, 3);

        static void InterlockedMax(ref int target, int value)
        {
            for (int seen = target; value > seen; seen = target) Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
