namespace Tilth.Tests.Contracts;

/// <summary>What a call allocates each time: the runtime's own one-off work (compiling again, initialising types) is not the call's.</summary>
static class Allocations
{
    const int Rounds = 6;

    /// <summary>The fewest bytes of several rounds on this thread.</summary>
    public static long Least(Action round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
