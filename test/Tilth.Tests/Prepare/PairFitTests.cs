using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Prepare;

namespace Tilth.Tests.Prepare;

public sealed class PairFitTests
{
    static readonly Schema Columns = new()
    {
        Columns = [.. Enumerable.Range(1, 5).Select(i => new ColumnSchema { Name = $"x{i}", Kind = ColumnKind.Number, Role = ColumnRole.Feature })],
    };

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(2, 3, false)]
    [InlineData(1, 4, true)]
    public void The_pair_that_the_target_depends_on_is_found_first(int a, int b, bool product)
    {
        var (table, target) = Make(800, x => product ? (x[a] - 2) * (x[b] - 2) : Math.Abs(x[a] - x[b]));
        var added = Assert.Single(Fit(table, target, most: 1).Preparation.Map.Dense, feature => feature.Sources.Count == 2);
        Assert.Equal([$"x{a + 1}", $"x{b + 1}"], added.Sources.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_single_numbers_say_brings_few_pairs()
    {
        var random = new RandomSource(5);
        var (table, target) = Make(800, x => x[0] - 2 * x[1] + 0.5 * x[2] * x[2] + random.NextGaussian());
        Assert.InRange(Fit(table, target, most: 20).Preparation.Map.Dense.Count, 5, 10);
    }

    [Fact]
    public void Threads_change_nothing_and_rows_outside_are_not_read()
    {
        var (table, target) = Make(600, x => x[0] * x[1]);
        int[] rows = [.. Enumerable.Range(0, 400)];
        double[] other = [.. target.Values.Select((y, row) => row < 400 ? y : 1e6)];
        using var three = new WorkerPool(3);
        var one = Fit(table, target, 5, rows);
        var same = Fit(table, new Target(target.Schema, other), 5, rows, new FitContext { Workers = three });
        Assert.Equal(one.Preparation.Map.Dense.Select(feature => feature.Name), same.Preparation.Map.Dense.Select(feature => feature.Name));
        for (int f = 0; f < one.Preparation.Map.Dense.Count; f++) Assert.Equal(one.TrainingFeatures.DenseColumn(f).ToArray(), same.TrainingFeatures.DenseColumn(f).ToArray());
    }

    [Fact]
    public void A_result_that_is_no_number_is_missing()
    {
        Assert.True(double.IsNaN(PairStep.Of(PairOperation.Ratio, 1, 0)));
        Assert.True(double.IsNaN(PairStep.Of(PairOperation.Product, 1e200, 1e200)));
        Assert.True(double.IsNaN(PairStep.Of(PairOperation.Sum, double.NaN, 1)));
        Assert.Equal(-1, PairStep.Of(PairOperation.Difference, 2, 3));
    }

    static FittedPreparation Fit(Table table, Target target, int most, int[]? rows = null, FitContext? context = null)
    {
        var plan = PreparationPlan.For(Columns, new PreparationNeeds { Arithmetic = most });
        Assert.True(plan.ReadsTarget);
        return plan.Fit(table, target, rows ?? [.. Enumerable.Range(0, table.RowCount)], context ?? FitContext.Default);
    }

    static (Table, Target) Make(int rows, Func<double[], double> foresee)
    {
        var random = new RandomSource(3);
        var columns = Enumerable.Range(0, 5).Select(_ => new double[rows]).ToArray();
        var y = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            foreach (var column in columns) column[row] = 1 + 2 * random.NextDouble();
            y[row] = foresee([.. columns.Select(column => column[row])]);
        }
        return (new Table([.. columns.Select((column, i) => new NumberColumn($"x{i + 1}", column))]), new Target(new TargetSchema { Column = "y", Task = TaskKind.Regression }, y));
    }
}
