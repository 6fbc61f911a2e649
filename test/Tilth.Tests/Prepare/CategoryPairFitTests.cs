using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Prepare;

namespace Tilth.Tests.Prepare;

public sealed class CategoryPairFitTests
{
    const int Levels = 6;

    static readonly LevelSet Names = new([.. Enumerable.Range(0, Levels).Select(level => $"v{level}")]);

    static readonly Schema Columns = new()
    {
        Columns = [.. Enumerable.Range(1, 5).Select(i => new ColumnSchema { Name = $"k{i}", Kind = ColumnKind.Category, Role = ColumnRole.Feature, Levels = Names })],
    };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 4)]
    public void The_pair_that_the_target_depends_on_is_found_first(int a, int b)
    {
        var (table, target) = Make(1000, k => (k[a] + k[b]) % 2);
        var added = Assert.Single(Fit(table, target, most: 1).Preparation.Map.Dense);
        Assert.Equal([$"k{a + 1}", $"k{b + 1}"], added.Sources);
        Assert.Equal($"k{a + 1} & k{b + 1}: target", added.Name);
    }

    [Fact]
    public void What_single_categories_say_brings_no_pairs()
    {
        var (table, target) = Make(2000, k => (k[0] + k[1] + k[2]) / 15.0);
        Assert.Empty(Fit(table, target, most: 10).Preparation.Map.Dense);
    }

    [Fact]
    public void A_rows_own_target_does_not_enter_what_it_is_given_and_rows_outside_are_not_read()
    {
        var (table, target) = Make(900, k => (k[0] + k[1]) % 2);
        int[] rows = [.. Enumerable.Range(0, 700)];
        var fitted = Fit(table, target, 3, rows);
        double[] other = [.. target.Values.Select((y, row) => row < 700 ? y : 1 - y)];
        using var three = new WorkerPool(3);
        var same = Fit(table, new Target(target.Schema, other), 3, rows, new FitContext { Workers = three });
        Assert.Equal(fitted.TrainingFeatures.DenseColumn(0).ToArray(), same.TrainingFeatures.DenseColumn(0).ToArray());
        // By hand: the mean of the pair's rows of the other folds, drawn towards the mean by ten rows; so all rows of a pair and fold are alike.
        var serving = fitted.Preparation.Apply(table).DenseColumn(0).ToArray();
        var own = fitted.TrainingFeatures.DenseColumn(0).ToArray();
        Assert.Equal(serving[700..], own[700..]);
        var codes = (CategoryColumn[])[(CategoryColumn)table["k1"], (CategoryColumn)table["k2"]];
        double mean = rows.Average(row => target.Values[row]);
        foreach (int row in (int[])[3, 650, 720])
        {
            int[] alike = [.. rows.Where(r => codes.All(column => column.Codes.Span[r] == column.Codes.Span[row]))];
            Assert.Equal((alike.Sum(r => target.Values[r]) + 10 * mean) / (alike.Length + 10), serving[row], 1e-6);
        }
        Assert.All(rows, row => Assert.True(target.Values[row] == 1 ? own[row] <= serving[row] : own[row] >= serving[row], $"row {row} knows its own target"));
    }

    static FittedPreparation Fit(Table table, Target target, int most, int[]? rows = null, FitContext? context = null)
    {
        var plan = PreparationPlan.For(Columns, new PreparationNeeds { CategoryPairs = most });
        Assert.True(plan.ReadsTarget);
        return plan.Fit(table, target, rows ?? [.. Enumerable.Range(0, table.RowCount)], context ?? FitContext.Default);
    }

    /// <summary>The target is 1 with the probability that is foreseen, except that 0 and 1 are sure.</summary>
    static (Table, Target) Make(int rows, Func<int[], double> foresee)
    {
        var random = new RandomSource(3);
        var columns = Enumerable.Range(0, 5).Select(_ => new int[rows]).ToArray();
        var y = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            foreach (var column in columns) column[row] = random.NextInt(Levels);
            y[row] = random.NextDouble() < foresee([.. columns.Select(column => column[row])]) ? 1 : 0;
        }
        var schema = new TargetSchema { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };
        return (new Table([.. columns.Select((column, i) => new CategoryColumn($"k{i + 1}", column, Names))]), new Target(schema, y));
    }
}
