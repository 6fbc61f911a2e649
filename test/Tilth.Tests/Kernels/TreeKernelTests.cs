using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

public unsafe class TreeKernelTests
{
    [Fact]
    public void Bins_count_the_cuts_below()
    {
        var random = new RandomSource(1);
        foreach (int cutCount in (int[])[0, 1, 15, 16, 17, 100, 253, 254])
        {
            float[] cuts = [.. Enumerable.Range(0, cutCount).Select(i => (float)random.NextGaussian()).Distinct().Order()];
            if (cutCount > 20) cuts[^1] = float.PositiveInfinity;
            float[] table = CutKernel.MakeTable(cuts);
            for (int length = 0; length <= 70; length++)
            {
                float[] values = [.. Enumerable.Range(0, length).Select(i => i switch
                {
                    0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, _ when cuts.Length > 0 && i % 2 == 0 => cuts[random.NextInt(cuts.Length)], _ => (float)random.NextGaussian(),
                })];
                var bins = new sbyte[length];
                CutKernel.Bin(values, table, bins);
                var moved = new sbyte[length];
                CutKernel.MissingFirst(bins, moved);
                for (int i = 0; i < length; i++)
                {
                    int expected = float.IsNaN(values[i]) ? 127 : cuts.Count(cut => cut < values[i]) - 128;
                    Assert.Equal(expected, bins[i]);
                    Assert.Equal(expected, CutKernel.Bin(values[i], table));
                    Assert.Equal(float.IsNaN(values[i]) ? -128 : expected, moved[i]);
                }
            }
        }
    }

    [Fact]
    public void Every_vector_width_blends_the_same_bytes()
    {
        var random = new RandomSource(2);
        var expected = new sbyte[1024];
        var bins = Enumerable.Range(0, 1024).Select(_ => (sbyte)(random.NextInt(256) - 128)).ToArray();
        BlendStep[] steps = [new(0, 512, 64, 64, 0, 512, -3), new(256, 0, 512, 0, 64, 512, 127), new(512, 512, 0, 64, 0, 768, -128)];
        for (int blocks = 1; blocks <= 4; blocks++)
        {
            var start = Enumerable.Range(0, 1024).Select(_ => (sbyte)(random.NextInt(256) - 128)).ToArray();
            start.CopyTo(expected, 0);
            foreach (var step in steps)
                for (int row = 0; row < 64 * blocks; row++)
                    expected[step.Result + row] = bins[step.Column + row] > step.Threshold
                        ? expected[step.Right + (step.RightStep == 0 ? row % 64 : row)] : expected[step.Left + (step.LeftStep == 0 ? row % 64 : row)];
            Assert.Equal(expected, Run<BlendKernel.Lanes512>());
            Assert.Equal(expected, Run<BlendKernel.Lanes256>());
            Assert.Equal(expected, Run<BlendKernel.Lanes128>());

            sbyte[] Run<T>() where T : struct, BlendKernel.ILanes
            {
                var scratch = (sbyte[])start.Clone();
                fixed (sbyte* b = bins, s = scratch) BlendKernel.Run<T>(steps, b, s, blocks);
                return scratch;
            }
        }
    }

    [Fact]
    public void Gauss_points_integrate_polynomials_exactly()
    {
        foreach (int n in (int[])[1, 4, 16, 128])
        {
            double[] points = new double[n], weights = new double[n];
            GaussLegendre.Fill(points, weights);
            for (int degree = 0; degree < 2 * n; degree++)
                Assert.Equal(1.0 / (degree + 1), points.Zip(weights).Sum(p => p.Second * Math.Pow(p.First, degree)), 1e-14);
        }
    }
}
