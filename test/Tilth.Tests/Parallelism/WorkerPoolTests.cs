using Tilth.Parallelism;

namespace Tilth.Tests.Parallelism;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_item_runs_exactly_once_in_many_short_loops(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int loop = 0; loop < 5_000; loop++)
        {
            int count = loop % 37;
            var runs = new int[count];
            pool.For(count, item => Interlocked.Increment(ref runs[item]));
            Assert.All(runs, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Work_is_really_shared()
    {
        using var pool = new WorkerPool(2);
        using var both = new Barrier(2);
        pool.For(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)), "only one thread took part"));
    }

    [Fact]
    public void A_loop_inside_a_loop_finishes()
    {
        using var pool = new WorkerPool(4);
        var sums = new int[8];
        pool.For(8, i => pool.For(100, j => sums[i] += j));
        Assert.All(sums, sum => Assert.Equal(4950, sum));
    }

    [Fact]
    public void The_exception_of_a_body_reaches_the_caller_and_the_pool_lives_on()
    {
        using var pool = new WorkerPool(2);
        for (int loop = 0; loop < 100; loop++)
            Assert.Equal("item 3", Assert.Throws<InvalidOperationException>(() => pool.For(5, item =>
            {
                if (item == 3) throw new InvalidOperationException("item 3");
            })).Message);
        int ran = 0;
        pool.For(10, _ => Interlocked.Increment(ref ran));
        Assert.Equal(10, ran);
    }
}
