using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

/// <summary>Kernels of several classes beside their plain forms, for all lengths up to 70: the same bits.</summary>
public class ClassKernelTests
{
    static readonly RandomSource Random = new(4);

    static double[] Doubles(int n) => [.. Enumerable.Range(0, n).Select(_ => Random.NextGaussian())];

    static float[] Floats(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)Random.NextGaussian())];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Products_of_several_outputs_are_those_of_one(int outputs)
    {
        const int Start = 3, Stride = 7, Apart = 80;
        for (int n = 0; n <= 70; n++)
        {
            float[][] columns = [.. Enumerable.Range(0, 5).Select(_ => Floats(n + Start))]; // two weights belong to other columns
            double[] w = Doubles(outputs * Stride), scores = new double[outputs * Apart], alone = new double[n];
            ClassProductKernel.Times(columns, Start, n, w, Stride, outputs, scores, Apart);
            for (int k = 0; k < outputs; k++)
            {
                Array.Fill(alone, w[k * Stride + Stride - 1]);
                for (int j = 0; j < columns.Length; j++) ColumnKernels.AddScaled(columns[j].AsSpan(Start), w[k * Stride + j], alone);
                Assert.Equal(alone, scores.AsSpan(k * Apart, n).ToArray());
            }
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Dots_of_two_columns_are_those_of_one(int outputs)
    {
        for (int n = 0; n <= 70; n++)
        {
            float[] x = Floats(n), y = Floats(n);
            double[] r = Doubles(outputs * n), found = new double[outputs * 9];
            ClassProductKernel.Dots(x, y, r, outputs, found, 9);
            for (int k = 0; k < outputs; k++)
            {
                Assert.Equal(ColumnKernels.Dot(x, r.AsSpan(k * n, n)), found[k * 9]);
                Assert.Equal(ColumnKernels.Dot(y, r.AsSpan(k * n, n)), found[k * 9 + 1]);
            }
        }
    }

    [Theory, InlineData(1.0), InlineData(500.0)]
    public void Losses_of_eight_rows_are_those_of_one(double spread)
    {
        const int Classes = 5;
        for (int n = 0; n <= 70; n++)
        {
            double[] target = [.. Enumerable.Range(0, n).Select(_ => (double)Random.NextInt(Classes))], weights = [.. Enumerable.Range(0, n).Select(i => i % 3 * 0.7)];
            double[] scores = [.. Doubles(Classes * n).Select(v => v * spread)], direction = Doubles(Classes * n); // 500: shares below e^-700 too
            double[] gradient = new double[Classes * n], curvature = new double[Classes * n], plainGradient = new double[Classes * n], plainCurvature = new double[Classes * n];
            Assert.Equal(SoftmaxKernel.Scalar(target, weights, scores, plainGradient, plainCurvature, Classes, 0, n),
                SoftmaxKernel.Evaluate(target, weights, scores, gradient, curvature, Classes, 0, n), 1e-9 * spread);
            Assert.Equal(plainGradient, gradient);
            Assert.Equal(plainCurvature, curvature);
            double[] bent = new double[Classes * n], plain = new double[Classes * n];
            SoftmaxKernel.CurvatureTimes(weights, curvature, direction, bent, Classes, 0, n);
            SoftmaxKernel.ScalarTimes(weights, curvature, direction, plain, Classes, 0, n);
            Assert.Equal(plain, bent);
            Assert.DoesNotContain(bent, double.IsNaN);
        }
    }

    [Fact]
    public void Columns_are_widened_multiplied_and_summed()
    {
        for (int n = 0; n <= 70; n++)
        {
            float[] x = Floats(n);
            double[] y = Doubles(n), wide = new double[n], product = new double[n];
            ColumnKernels.Widen(x, wide);
            ColumnKernels.Multiply(wide, y, product);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(x[i], wide[i]);
                Assert.Equal(x[i] * y[i], product[i]);
            }
            Assert.Equal(ColumnKernels.Dot(y, [.. Enumerable.Repeat(1.0, n)]), ColumnKernels.Sum(y));
        }
    }
}
