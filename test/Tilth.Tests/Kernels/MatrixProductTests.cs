using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

public unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes()
    {
        var data = new TheoryData<int, int, int>();
        foreach (int m in (int[])[1, 3, 4, 13, 14, 15, 29])
        foreach (int n in (int[])[1, 16, 31, 32, 33, 70])
        foreach (int k in (int[])[0, 1, 7, 64])
            data.Add(m, n, k);
        data.Add(30, 40, 1000);
        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Is_the_chain_of_fused_multiply_adds_to_the_bit(int m, int n, int k)
    {
        var random = new RandomSource(1);
        float[] a = Fill(m * k + 1), b = Fill(k * n + 1), start = Fill(m * n);
        foreach (bool add in (bool[])[false, true])
        foreach (bool transposed in (bool[])[false, true])
        {
            var c = (float[])start.Clone();
            fixed (float* pa = a, pb = b, pc = c)
            {
                var left = transposed ? new MatrixProduct.View(pa, k, m).Transposed : new MatrixProduct.View(pa, m, k);
                var right = transposed ? new MatrixProduct.View(pb, n, k).Transposed : new MatrixProduct.View(pb, k, n);
                MatrixProduct.Multiply(left, right, pc, n, add);
            }
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                float expected = add ? start[i * n + j] : 0;
                for (int p = 0; p < k; p++)
                    expected = MathF.FusedMultiplyAdd(transposed ? a[p * m + i] : a[i * k + p], transposed ? b[j * k + p] : b[p * n + j], expected);
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(c[i * n + j]));
            }
        }

        float[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
