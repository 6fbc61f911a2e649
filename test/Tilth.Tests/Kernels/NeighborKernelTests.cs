using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

/// <summary>Beside a plain loop of fused multiply-adds: the same bits.</summary>
public class NeighborKernelTests
{
    [Fact]
    public void Each_lane_is_one_chain()
    {
        var random = new RandomSource(2);
        for (int width = 0; width <= 70; width++)
        {
            float[] block = [.. Enumerable.Range(0, width * 16).Select(_ => (float)random.NextGaussian())], point = [.. Enumerable.Range(0, width).Select(_ => (float)random.NextGaussian())];
            var found = new float[16];
            NeighborKernel.Distances(block, point, found);
            for (int lane = 0; lane < 16; lane++)
            {
                float sum = 0;
                for (int j = 0; j < width; j++)
                {
                    float apart = block[j * 16 + lane] - point[j];
                    sum = MathF.FusedMultiplyAdd(apart, apart, sum);
                }
                Assert.Equal(sum, found[lane]);
            }
        }
    }
}
