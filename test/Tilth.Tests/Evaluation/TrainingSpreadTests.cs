using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Tests.Evaluation;

/// <summary>Least squares on normal columns: what a packed mean of fold models scores on fresh rows is known in closed form.</summary>
public class TrainingSpreadTests
{
    const int Rows = 60, Columns = 12, Folds = 5, Tables = 120;

    [Fact]
    public void Intervals_hold_what_independent_rows_miss()
    {
        int narrow = 0, wide = 0;
        double error = 0, plain = 0, promised = 0;
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var (target, foreseen, mean, truth) = Table(new RandomSource(seed + 500));
            var options = new EvaluationOptions { Seed = seed, Resamples = 160 };
            var measured = Evaluator.Evaluate(target, mean, options);
            var before = FoldMeanGain.Add(measured, target, foreseen, null).Find("rmse")!.Score;
            var after = FoldMeanGain.Add(TrainingSpread.Add(measured, target, foreseen, options), target, foreseen, null).Find("rmse")!.Score;
            if (truth >= before.Lower && truth <= before.Upper) narrow++;
            if (truth >= after.Lower && truth <= after.Upper) wide++;
            error += (before.Value - truth) * (before.Value - truth) / Tables;
            plain += Math.Pow((before.Upper - before.Lower) / 3.92, 2) / Tables;
            promised += Math.Pow((after.Upper - after.Lower) / 3.92, 2) / Tables;
        }
        Assert.True(wide >= 0.88 * Tables && wide >= narrow + 5, $"{narrow} intervals of independent rows hold the truth, {wide} wider ones, of {Tables}");
        Assert.InRange(plain / error, 0, 0.75);
        Assert.InRange(promised / error, 0.75, 1.2);
    }

    /// <summary>No column moves the target: ranks of out-of-fold predictions vary twice as much as those of predictions that know nothing.</summary>
    [Fact]
    public void Chance_counts_every_pair_of_rows_twice()
    {
        double square = 0;
        int hints = 0;
        const int Many = 400;
        for (ulong seed = 0; seed < Many; seed++)
        {
            var (target, _, mean, _) = Table(new RandomSource(seed));
            double p = ChanceTest.PValue(new EvaluationData(target.Schema, target.Values, mean), outOfFold: true);
            double z = -NormalDistribution.Quantile(p);
            square += z * z / Many;
            if (p < 0.03) hints++;
        }
        Assert.InRange(square, 0.7, 1.35);
        Assert.True(hints <= 20, $"{hints} hints in {Many} tables of noise");
    }

    [Fact]
    public void One_division_changes_nothing()
    {
        var (target, foreseen, mean, _) = Table(new RandomSource(1));
        var measured = Evaluator.Evaluate(target, mean);
        Assert.Same(measured, TrainingSpread.Add(measured, target, Divisions.None, EvaluationOptions.Default));
        Assert.Same(measured, TrainingSpread.Add(measured, target, foreseen with { Predictions = [mean] }, EvaluationOptions.Default));
    }

    /// <summary>A target that no column moves; two divisions; the packed mean's root mean squared error on fresh rows.</summary>
    static (Target Target, Divisions Foreseen, double[] Mean, double Truth) Table(RandomSource random)
    {
        double[][] x = [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, Columns).Select(_ => random.NextGaussian()).ToArray())];
        double[] y = [.. Enumerable.Range(0, Rows).Select(_ => random.NextGaussian())];
        var packed = new double[Columns];
        double[][] divisions = [new double[Rows], new double[Rows]];
        for (int d = 0; d < 2; d++)
        {
            int[] order = [.. Enumerable.Range(0, Rows)];
            random.Shuffle<int>(order);
            for (int fold = 0; fold < Folds; fold++)
            {
                double[] b = LeastSquares(x, y, [.. order.Where((_, at) => at % Folds != fold)]);
                foreach (int row in order.Where((_, at) => at % Folds == fold)) divisions[d][row] = x[row].Zip(b).Sum(pair => pair.First * pair.Second);
                if (d == 0)
                    for (int c = 0; c < Columns; c++) packed[c] += b[c] / Folds;
            }
        }
        var schema = new TargetSchema { Column = "y", Task = TaskKind.Regression };
        return (new(schema, y), new(divisions, Folds, Folds), [.. divisions[0].Zip(divisions[1], (a, b) => (a + b) / 2)], Math.Sqrt(1 + packed.Sum(b => b * b)));
    }

    /// <summary>The normal equations by elimination.</summary>
    static double[] LeastSquares(double[][] x, double[] y, int[] rows)
    {
        var a = new double[Columns, Columns + 1];
        foreach (int row in rows)
            for (int i = 0; i < Columns; i++)
                for (int j = 0; j <= Columns; j++) a[i, j] += x[row][i] * (j < Columns ? x[row][j] : y[row]);
        for (int i = 0; i < Columns; i++)
            for (int k = 0; k < Columns; k++)
            {
                if (k == i) continue;
                double factor = a[k, i] / a[i, i];
                for (int j = i; j <= Columns; j++) a[k, j] -= factor * a[i, j];
            }
        return [.. Enumerable.Range(0, Columns).Select(i => a[i, Columns] / a[i, i])];
    }
}
