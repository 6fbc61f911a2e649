using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Kernel;
using Tilth.Learners.Linear;
using Tilth.Models;
using Tilth.Models.Kernel;
using Tilth.Tests.Contracts;
using Tilth.Tests.Models;

namespace Tilth.Tests.Learners.Kernel;

/// <summary>The closed form of kernel ridge regression, left-out rows that are really left out, and a circle that no plane cuts out.</summary>
public class KernelRidgeTests
{
    static readonly FeatureMap Map = ContractData.MapOf(2, [], 0);

    static TrainingSet Circle(int rows, ulong seed, TaskKind task = TaskKind.Binary)
    {
        var random = new RandomSource(seed);
        var dense = Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, rows).Select(_ => (float)random.NextGaussian()).ToArray()).ToArray();
        double[] y = [.. Enumerable.Range(0, rows).Select(i => dense[0][i] * dense[0][i] + dense[1][i] * dense[1][i]).Select(r => task == TaskKind.Binary ? r > 1.4 ? 1.0 : 0 : r)];
        return new TrainingSet(new FeatureMatrix(Map, rows, dense, [], null), new Target(ContractData.TargetOf(task), y));
    }

    /// <summary>exp(-gamma |x - x'|^2) between rows of a set.</summary>
    static double[] KernelOf(TrainingSet set, double gamma)
    {
        int n = set.Rows.Length;
        var kernel = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                kernel[i * n + j] = Math.Exp(-gamma * Enumerable.Range(0, 2).Sum(d => Math.Pow(set.Features.Dense[d][i] - set.Features.Dense[d][j], 2)));
        return kernel;
    }

    /// <summary>(K + penalty I)^-1 y over some rows.</summary>
    static double[] Dual(double[] kernel, int n, int[] rows, double[] y, double penalty)
    {
        var matrix = new double[rows.Length * rows.Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows.Length; j++) matrix[i * rows.Length + j] = kernel[rows[i] * n + rows[j]] + (i == j ? penalty : 0);
        var dual = Array.ConvertAll(rows, row => y[row]);
        Cholesky.Of(matrix, rows.Length)!.Solve(dual);
        return dual;
    }

    [Fact]
    public void Left_out_predictions_are_those_of_fits_without_the_row()
    {
        const int n = 40;
        var set = Circle(n, 3, TaskKind.Regression);
        var rows = KernelRows.Of(set, set.Rows, FitContext.Default, out int[] pointOf);
        Assert.Equal(Enumerable.Range(0, n), pointOf);
        double gamma = 0.7, mean = set.Target.Values.Average();
        var solution = KernelSolution.Of(rows, 100, gamma, FitContext.Default);
        var kernel = KernelOf(set, gamma);
        double[] y = Array.ConvertAll(set.Target.Values, value => value - mean);
        double[] LeftOutUnder(double penalty) => [.. Enumerable.Range(0, n).Select(i =>
        {
            int[] others = [.. Enumerable.Range(0, n).Where(j => j != i)];
            return Dual(kernel, n, others, y, penalty).Zip(others).Sum(pair => pair.First * kernel[i * n + pair.Second]);
        })];
        double ErrorUnder(double penalty) => LeftOutUnder(penalty).Zip(y).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
        double best = Enumerable.Range(-12, 18).Select(half => Math.Pow(10, 0.5 * half)).MinBy(ErrorUnder);
        Assert.Equal(ErrorUnder(best), solution.LeastError, 1e-4);
        foreach (var (expected, found) in LeftOutUnder(best).Zip(solution.LeftOut)) Assert.Equal(expected, found, 2e-3);
    }

    [Fact]
    public void Predictions_are_the_closed_form_where_every_row_is_a_landmark()
    {
        const int n = 50;
        var set = Circle(n, 4, TaskKind.Regression);
        var points = KernelRows.Of(set, set.Rows, FitContext.Default, out _);
        double variance = set.Features.Dense.Take(2).Sum(column => column.Average(x => (double)x * x) - Math.Pow(column.Average(x => (double)x), 2));
        Assert.Equal(variance, points.Spread, 1e-5);
        var model = new KernelRidge { Gamma = 0.5 * variance }.Fit(set, FitContext.Default);
        var kernel = KernelOf(set, 0.5);
        double mean = set.Target.Values.Average();
        double[] y = Array.ConvertAll(set.Target.Values, value => value - mean), found = new double[n];
        model.Predict(set.Features, 0, n, found);
        double Miss(double penalty)
        {
            var dual = Dual(kernel, n, set.Rows, y, penalty);
            return Enumerable.Range(0, n).Max(i => Math.Abs(mean + Enumerable.Range(0, n).Sum(j => kernel[i * n + j] * dual[j]) - found[i]));
        }
        Assert.True(Enumerable.Range(-12, 18).Min(half => Miss(Math.Pow(10, 0.5 * half))) < 1e-4);
    }

    [Fact]
    public void Few_landmarks_are_nearly_as_good_as_all()
    {
        TrainingSet train = Circle(1500, 5, TaskKind.Regression), test = Circle(500, 6, TaskKind.Regression);
        double Error(int components)
        {
            var p = new double[500];
            new KernelRidge { ComponentCount = components }.Fit(train, FitContext.Default).Predict(test.Features, 0, 500, p);
            return p.Zip(test.Target.Values).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
        }
        double few = Error(80);
        Assert.True(few < 0.001);
        Assert.True(Error(5) > 10 * few);
    }

    [Fact]
    public void A_circle_is_learned_where_a_line_cannot()
    {
        var train = Circle(600, 1);
        var test = Circle(600, 2);
        Assert.True(ErrorOf(new KernelRidge().Fit(train, FitContext.Default), test) < 0.04);
        Assert.True(ErrorOf(new LinearLearner().Fit(train, FitContext.Default), test) > 0.25);
    }

    [Fact]
    public void Codes_that_differ_are_as_far_apart_as_their_indicators()
    {
        var points = KernelPoints.Of([0f, 1, 0, 2], 2, 1, 1, gamma: 0.3);
        var values = new double[16];
        Assert.Equal(2, points.Compare([1f, 2], 0, values));
        Assert.Equal(Math.Exp(-0.3 * (1 + 2)), values[0], 1e-12);
        Assert.Equal(Math.Exp(-0.3), values[1], 1e-12);
    }

    [Fact]
    public void Rare_classes_keep_their_probability_where_not_all_rows_are_watched()
    {
        const int n = 12_000, rare = 12;
        var random = new RandomSource(7);
        var x = Enumerable.Range(0, n).Select(_ => (float)random.NextGaussian()).ToArray();
        double[] y = [.. Enumerable.Range(0, n).Select(i => i % (n / rare) == 0 ? 1.0 : 0)];
        var set = new TrainingSet(new FeatureMatrix(Map, n, [x, new float[n]], [], null), new Target(ContractData.TargetOf(TaskKind.Binary), y));
        var p = new double[n];
        new KernelRidge { ComponentCount = 20 }.Fit(set, FitContext.Default).Predict(set.Features, 0, n, p);
        Assert.InRange(p.Average(), 0.5 * rare / n, 2.0 * rare / n);
    }

    [Fact]
    public void A_matrix_comes_again_from_its_tridiagonal_form()
    {
        const int n = 23;
        var random = new RandomSource(8);
        double[] root = [.. Enumerable.Range(0, n * n).Select(_ => random.NextGaussian())], matrix = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) matrix[i * n + j] = Enumerable.Range(0, n).Sum(k => root[i * n + k] * root[j * n + k]);
        foreach (int zero in (int[])[0, 5]) // rows that need no reflection
        {
            var a = (double[])matrix.Clone();
            for (int j = 0; j < n; j++) if (j != zero) a[zero * n + j] = a[j * n + zero] = 0;
            var shifted = (double[])a.Clone();
            for (int i = 0; i < n; i++) shifted[i * n + i] += 0.3;
            double[] b = [.. Enumerable.Range(0, n).Select(i => i - 4.5)], expected = (double[])b.Clone();
            Cholesky.Of(shifted, n)!.Solve(expected);
            var form = Tridiagonal.Of(a, n);
            var (inverse, below) = form.Shifted(0.3);
            form.Rotate(b);
            Tridiagonal.SolveLower(below, b);
            for (int i = 0; i < n; i++) b[i] *= inverse[i];
            Tridiagonal.SolveUpper(below, b);
            form.RotateBack(b);
            for (int i = 0; i < n; i++) Assert.Equal(expected[i], b[i], 1e-8 * Math.Max(1, expected.Max(Math.Abs)));
        }
    }

    [Fact]
    public void A_package_gives_the_same_model_back_and_damage_is_refused()
    {
        var set = Circle(80, 1);
        var model = (KernelModel)new KernelRidge { ComponentCount = 20, Gamma = 0.5 }.Fit(set, FitContext.Default);
        var again = PartRoundTrip.Through(model.Pack, reader => KernelModel.Unpack(reader, Map));
        double[] expected = new double[80], found = new double[80];
        model.Predict(set.Features, 0, 80, expected);
        again.Predict(set.Features, 0, 80, found);
        Assert.Equal(expected, found);
        Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => KernelModel.Unpack(reader, ContractData.MapOf(3, [], 0))));
        for (int array = 0; array < 5; array++)
        {
            int at = array;
            Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => KernelModel.Unpack(reader, Map),
                spoilArray: (i, bytes) => i == at ? [.. bytes[..^8], .. BitConverter.GetBytes(double.NaN)] : bytes));
        }
    }

    static double ErrorOf(Model model, TrainingSet test)
    {
        var p = new double[test.Features.RowCount];
        model.Predict(test.Features, 0, p.Length, p);
        return p.Zip(test.Target.Values).Average(pair => pair.First > 0.5 == (pair.Second == 1) ? 0.0 : 1);
    }
}
