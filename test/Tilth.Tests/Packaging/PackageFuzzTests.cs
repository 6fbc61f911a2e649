using System.Diagnostics;
using Tilth.Kernels;

namespace Tilth.Tests.Packaging;

public class PackageFuzzTests(ITestOutputHelper output)
{
    const int Mutations = 20_000;

    [Fact]
    public void Twenty_thousand_mutated_packages_open_or_are_refused_with_a_sentence()
    {
        ulong seed = (ulong)Stopwatch.GetTimestamp();
        output.WriteLine($"seed {seed}");
        byte[] sound = SamplePackages.MakeSmall().ToBytes();
        var mutations = new PackageMutations(sound);
        int opened = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutated = mutations.Make(new RandomSource(seed).Child(i));
            long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            try
            {
                if (PackageMutations.Opens(mutated)) opened++;
            }
            catch (Exception fault)
            {
                Assert.Fail($"seed {seed}, mutation {i}: {fault}");
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 128 << 20, $"seed {seed}, mutation {i}: too much memory");
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < 10, $"seed {seed}, mutation {i}: too slow");
        }
        output.WriteLine($"{sound.Length} bytes; {opened} of {Mutations} mutations opened");
        Assert.InRange(opened, Mutations / 100, Mutations / 2);
    }
}
