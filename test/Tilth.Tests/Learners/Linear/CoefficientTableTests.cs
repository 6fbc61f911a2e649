using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Learners.Linear;
using Tilth.Models.Linear;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Linear;

/// <summary>Beside the textbook formulas in numpy and scipy (Golden/make.py).</summary>
public class CoefficientTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Errors_statistics_and_intervals_are_the_textbooks(int index)
    {
        var item = GoldenCoefficients.File.GetProperty("tables")[index];
        ISupervisedLearner learner = index switch
        {
            0 => new LinearRegression { Tol = 1e-12 }, 1 => new LogisticRegression { Penalty = LogisticPenalty.None, Tol = 1e-12 },
            2 => new PoissonRegression { Alpha = 0, Tol = 1e-12 }, _ => new GammaRegression { Alpha = 0, Tol = 1e-12 },
        };
        var set = GoldenCoefficients.SetOf("small", item.GetProperty("target").GetString()!, weighted: false, sparse: false);
        var table = CoefficientTable.Of((LinearModel)learner.Fit(set, FitContext.Default), set, FitContext.Default, gamma: index == 3);
        var rows = table.Coefficients.Skip(1).Append(table.Coefficients[0]).ToArray(); // the file has the intercept last
        Assert.Equal("(intercept)", rows[^1].Name);
        Assert.Equal("x0", rows[0].Name);
        Close(item, "coef", rows, r => r.Estimate);
        Close(item, "se", rows, r => r.StandardError);
        Close(item, "statistic", rows, r => r.Statistic);
        Close(item, "p", rows, r => r.PValue);
        Close(item, "low", rows, r => r.Low);
        Close(item, "high", rows, r => r.High);
    }

    [Fact]
    public void A_weight_of_two_is_the_row_twice()
    {
        var set = GoldenCoefficients.SetOf("small", "number", weighted: false, sparse: false);
        int rows = set.Features.RowCount;
        var weights = Enumerable.Range(0, rows).Select(i => (double)(i % 3)).ToArray();
        int[] copies = [.. Enumerable.Range(0, rows).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        var weighted = TableOf(ContractData.Take(set, [.. Enumerable.Range(0, rows)], weights));
        var copied = TableOf(ContractData.Take(set, copies));
        for (int j = 0; j < copied.Count; j++) Assert.Equal(copied[j].StandardError, weighted[j].StandardError, 1e-10);
    }

    [Fact]
    public void What_is_not_determined_is_refused()
    {
        var set = ContractData.Make(new LinearRegression(), TaskKind.Regression, rows: 60);
        var twice = new FeatureMatrix(ContractData.MapOf(2, [], 0), 60, [set.Features.Dense[0], set.Features.Dense[0]], [], null);
        Assert.Contains("not determined", Assert.Throws<LearningException>(() => TableOf(new TrainingSet(twice, set.Target))).Message);
        Assert.Contains("too few", Assert.Throws<LearningException>(() => TableOf(set.View([0, 1, 2, 3]))).Message);
    }

    static IReadOnlyList<Coefficient> TableOf(TrainingSet set)
        => CoefficientTable.Of((LinearModel)new LinearRegression { Tol = 1e-12 }.Fit(set, FitContext.Default), set, FitContext.Default).Coefficients;

    static void Close(System.Text.Json.JsonElement item, string name, Coefficient[] rows, Func<Coefficient, double> value)
    {
        var expected = GoldenCoefficients.Numbers(item.GetProperty(name));
        Assert.Equal(expected.Length, rows.Length);
        for (int j = 0; j < rows.Length; j++)
            Assert.True(Math.Abs(value(rows[j]) - expected[j]) <= 1e-7 * Math.Max(1e-3, Math.Abs(expected[j])), $"{name} {j}: {value(rows[j])}, not {expected[j]}");
    }
}
