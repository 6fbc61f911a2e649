using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

/// <summary>The gains of a leaf's cuts, with vectors and without, and against the formula.</summary>
public unsafe class LevelGainKernelTests
{
    [Fact]
    public void Vectors_give_the_bits_of_the_scalar_form_and_the_formula_holds()
    {
        var random = new RandomSource(4);
        for (int bins = 0; bins <= 70; bins++)
        {
            var sums = new long[2 * bins];
            long g = random.NextInt(1000) - 500, h = random.NextInt(50), firstG = g, firstH = h;
            for (int bin = 0; bin < bins; bin++) (g, h) = (g + (sums[2 * bin] = random.NextInt(100_000) - 50_000), h + (sums[2 * bin + 1] = random.NextInt(4) * random.NextInt(1000)));
            const double gs = 1.0 / 4096, hs = 1.0 / 1024;
            var leaf = new LevelLeaf(g * gs, h * hs, gs, hs, 3, bins / 8.0, g * gs * g * gs / (h * hs + 3));
            double[] one = [.. Enumerable.Range(0, bins).Select(bin => (double)bin)], other = [.. one];
            fixed (long* from = sums)
            fixed (double* a = one, b = other)
            {
                LevelGainKernel.Add(from, bins, firstG, firstH, leaf, a, vectors: true);
                LevelGainKernel.Add(from, bins, firstG, firstH, leaf, b, vectors: false);
            }
            Assert.Equal(other, one);
            for (int bin = 0; bin < bins; bin++)
            {
                firstG += sums[2 * bin];
                firstH += sums[2 * bin + 1];
                double gl = firstG * gs, hl = firstH * hs, gr = leaf.Gradient - gl, hr = leaf.Hessian - hl;
                double gain = hl < leaf.Least || hr < leaf.Least ? 0 : gl * gl / (hl + 3) + gr * gr / (hr + 3) - leaf.Parent;
                Assert.Equal(bin + gain, other[bin], 1e-6 * Math.Max(1, Math.Abs(leaf.Parent)));
            }
        }
    }
}
