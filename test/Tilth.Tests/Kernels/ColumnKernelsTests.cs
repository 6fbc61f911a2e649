using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

/// <summary>Vector forms beside plain loops that sum in the same fixed lanes, for all lengths up to 70: the same bits.</summary>
public class ColumnKernelsTests
{
    static readonly RandomSource Random = new(3);

    static double[] Doubles(int n) => [.. Enumerable.Range(0, n).Select(_ => Random.NextGaussian())];

    static float[] Floats(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)Random.NextGaussian())];

    [Fact]
    public void Sums_are_those_of_sixteen_lanes()
    {
        for (int n = 0; n <= 70; n++)
        {
            float[] x = Floats(n);
            double[] r = Doubles(n), h = Doubles(n), wide = [.. x.Select(v => (double)v)];
            Assert.Equal(Lanes(n, i => (wide[i], r[i])), ColumnKernels.Dot(x, r));
            Assert.Equal(Lanes(n, i => (h[i], r[i])), ColumnKernels.Dot(h, r));
            Assert.Equal(Lanes(n, i => (wide[i] * wide[i], h[i])), ColumnKernels.SquaredNorm(x, h));
            Assert.Equal(Lanes(n, i => (wide[i] * h[i], r[i])), ColumnKernels.Dot(x, h, r));
        }
    }

    [Fact]
    public void Adding_a_column_is_one_fused_step_a_row()
    {
        for (int n = 0; n <= 70; n++)
        {
            float[] x = Floats(n), gaps = (float[])x.Clone();
            if (n > 3) gaps[n / 2] = float.NaN;
            double[] y = Doubles(n), found = (double[])y.Clone(), alone = (double[])y.Clone(), wide = (double[])y.Clone();
            ColumnKernels.AddScaled(gaps, 1.7, 0.25, found);
            ColumnKernels.AddScaled(x, 1.7, alone);
            ColumnKernels.AddScaled([.. x.Select(v => (double)v)], 1.7, wide);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(Math.FusedMultiplyAdd(1.7, float.IsNaN(gaps[i]) ? 0.25 : gaps[i], y[i]), found[i]);
                Assert.Equal(Math.FusedMultiplyAdd(1.7, x[i], y[i]), alone[i]);
                Assert.Equal(alone[i], wide[i]);
            }
        }
    }

    [Fact]
    public void A_gram_block_is_the_product_of_its_columns()
    {
        const int Size = 12, Stride = 40;
        double[] a = Doubles(Size * Stride), b = Doubles(Size * Stride), g = Doubles(Size * Size), before = (double[])g.Clone();
        GramKernel.AddLower(a, b, Stride, g, Size);
        for (int i = 0; i < Size; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = before[i * Size + j];
                for (int r = 0; r < Stride; r++) sum += a[i * Stride + r] * b[j * Stride + r];
                Assert.Equal(sum, g[i * Size + j], 1e-12);
            }
    }

    [Fact]
    public void Cholesky_inverts_and_refuses_what_is_singular()
    {
        const int Size = 7;
        double[] x = Doubles(Size * 20), a = new double[Size * Size];
        for (int i = 0; i < Size; i++)
            for (int j = 0; j < Size; j++) a[i * Size + j] = ColumnKernels.Dot(x.AsSpan(i * 20, 20), x.AsSpan(j * 20, 20));
        var inverse = Cholesky.Of(a, Size)!.Inverse();
        for (int i = 0; i < Size; i++)
            for (int j = 0; j < Size; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, Size).Sum(k => a[i * Size + k] * inverse[k * Size + j]), 1e-10);
        x.AsSpan(0, 20).CopyTo(x.AsSpan(20));
        for (int i = 0; i < Size; i++)
            for (int j = 0; j < Size; j++) a[i * Size + j] = ColumnKernels.Dot(x.AsSpan(i * 20, 20), x.AsSpan(j * 20, 20));
        Assert.Null(Cholesky.Of(a, Size));
        var right = Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, Size).Sum(j => a[i * Size + j])).ToArray();
        var solution = (double[])right.Clone();
        SymmetricEigen.SolveLeastNorm((double[])a.Clone(), Size, solution);
        // Ones solve the system; the copies share evenly, so ones are also the least norm.
        Assert.All(solution, value => Assert.Equal(1, value, 1e-8));
    }

    static double Lanes(int n, Func<int, (double, double)> pair)
    {
        var lanes = new double[16];
        int i = 0;
        for (; i + 16 <= n; i += 16)
            for (int l = 0; l < 16; l++) lanes[l] = Math.FusedMultiplyAdd(pair(i + l).Item1, pair(i + l).Item2, lanes[l]);
        for (int l = 0; l < 8; l++) lanes[l] += lanes[l + 8];
        double sum = lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
        for (; i < n; i++) sum = Math.FusedMultiplyAdd(pair(i).Item1, pair(i).Item2, sum);
        return sum;
    }
}
