using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

public unsafe class BestCutKernelTests
{
    [Fact]
    public void The_best_cut_is_that_of_plain_sums_with_and_without_vectors()
    {
        var random = new RandomSource(1);
        for (int bins = 0; bins <= 70; bins++)
            foreach (bool even in (bool[])[false, true])
            {
                // Even sums make many equal gains.
                long[] sums = [.. Enumerable.Range(0, bins).SelectMany(_ => (long[])[even ? random.NextInt(3) - 1 : random.NextInt(2001) - 1000, even ? 8 : random.NextInt(500)])];
                long startG = random.NextInt(50) - 25, startH = random.NextInt(50);
                double allG = (startG + sums.Where((_, i) => i % 2 == 0).Sum()) * 0.5, allH = (startH + sums.Where((_, i) => i % 2 == 1).Sum()) * 0.25;
                var leaf = new LevelLeaf(allG, allH, 0.5, 0.25, 1, 3, allG * allG / (allH + 1));
                var (expected, expectedGain) = (-1, 1e-9);
                double gl = startG * 0.5, hl = startH * 0.25;
                for (int bin = 0; bin < bins; bin++)
                {
                    gl += sums[2 * bin] * 0.5;
                    hl += sums[2 * bin + 1] * 0.25;
                    double gr = allG - gl, hr = allH - hl;
                    if (hl < 3 || hr < 3) continue;
                    double gain = (gl * gl * (hr + 1) + gr * gr * (hl + 1)) / ((hl + 1) * (hr + 1)) - leaf.Parent;
                    if (gain > expectedGain) (expected, expectedGain) = (bin, gain);
                }
                fixed (long* s = sums)
                    foreach (bool vectors in (bool[])[false, System.Runtime.Intrinsics.X86.Avx2.IsSupported])
                    {
                        double gain = 1e-9;
                        Assert.Equal((expected, expectedGain), (BestCutKernel.Find(s, bins, startG, startH, leaf, ref gain, vectors), gain));
                    }
            }
    }
}
