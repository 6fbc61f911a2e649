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

/// <summary>The kernel that is approximated, and a circle that no plane cuts out.</summary>
public class RandomFeaturesTests
{
    static readonly FeatureMap Map = ContractData.MapOf(2, [], 0);

    static TrainingSet Circle(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var dense = Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, rows).Select(_ => (float)random.NextGaussian()).ToArray()).ToArray();
        double[] y = [.. Enumerable.Range(0, rows).Select(i => dense[0][i] * dense[0][i] + dense[1][i] * dense[1][i] > 1.4 ? 1.0 : 0)];
        return new TrainingSet(new FeatureMatrix(Map, rows, dense, [], null), new Target(ContractData.TargetOf(TaskKind.Binary), y));
    }

    [Fact]
    public void Inner_products_tend_to_the_gaussian_kernel()
    {
        var random = new RandomSource(1);
        var fourier = FourierFeatures.Draw(20_000, 3, gamma: 0.4, random);
        for (int pair = 0; pair < 20; pair++)
        {
            float[] a = [(float)random.NextGaussian(), (float)random.NextGaussian(), 0], b = [(float)random.NextGaussian(), 0, (float)random.NextGaussian()];
            double product = Enumerable.Range(0, 20_000).Sum(r => (double)fourier.Of(a, r) * fourier.Of(b, r));
            double distance = a.Zip(b).Sum(p => (p.First - p.Second) * (p.First - p.Second));
            Assert.Equal(Math.Exp(-0.4 * distance), product, 0.03); // four standard deviations of 1 / sqrt(20,000)
        }
    }

    [Fact]
    public void A_circle_is_learned_where_a_line_cannot()
    {
        var train = Circle(600, 1);
        var test = Circle(600, 2);
        Assert.True(ErrorOf(new RandomFeatures().Fit(train, FitContext.Default), test) < 0.06);
        Assert.True(ErrorOf(new LinearLearner().Fit(train, FitContext.Default), test) > 0.25);
    }

    [Fact]
    public void A_package_gives_the_same_model_back_and_damage_is_refused()
    {
        var set = Circle(80, 1);
        var model = (RandomFeaturesModel)new RandomFeatures { ComponentCount = 20, Gamma = 0.5 }.Fit(set, FitContext.Default);
        var again = PartRoundTrip.Through(model.Pack, reader => RandomFeaturesModel.Unpack(reader, Map));
        double[] expected = new double[80], found = new double[80];
        model.Predict(set.Features, 0, 80, expected);
        again.Predict(set.Features, 0, 80, found);
        Assert.Equal(expected, found);
        Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => RandomFeaturesModel.Unpack(reader, ContractData.MapOf(3, [], 0))));
        for (int array = 0; array < 5; array++)
        {
            int at = array;
            Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => RandomFeaturesModel.Unpack(reader, Map),
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
