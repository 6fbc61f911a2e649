using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Explanation;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Parallelism;

namespace Tilth.Tests.Explanation;

/// <summary>Effects of functions whose effects are known in closed form.</summary>
public class EffectTests
{
    static double[] Values(Table table, string column) => ((NumberColumn)table[column]).Values.ToArray();

    static RowPredictor Of(Func<double, double, double> f) => rows => [.. Values(rows, "a").Zip(Values(rows, "b"), f)];

    static Table Make(int rows, Func<RandomSource, (double A, double B)> draw)
    {
        var random = new RandomSource(4);
        var drawn = Enumerable.Range(0, rows).Select(_ => draw(random)).ToArray();
        return new([new NumberColumn("a", Array.ConvertAll(drawn, row => row.A)), new NumberColumn("b", Array.ConvertAll(drawn, row => row.B))]);
    }

    [Fact]
    public void Accumulated_effects_of_a_line_are_that_line()
    {
        var rows = Make(2000, random => (random.NextDouble(), random.NextDouble()));
        var effect = AccumulatedEffect.Of(Of((a, b) => 3 * a - 7 * b), rows, "a", 20)!;
        double middle = effect.Edges.Zip(effect.Effect, (x, y) => y - 3 * x).First();
        for (int k = 0; k < effect.Edges.Length; k++) Assert.Equal(3 * effect.Edges[k] + middle, effect.Effect[k], 1e-9);
        Assert.Equal(2000, effect.Counts.Sum());
        // Centred: the mean of the line over the rows is 0, within a step.
        Assert.Equal(0, Values(rows, "a").Average(a => 3 * a) + middle, 0.01);
    }

    [Fact]
    public void Where_columns_go_together_accumulated_effects_stay_on_the_rows_and_partial_dependence_does_not()
    {
        // Apley & Zhu, 2020: for f = a b and b = a the local effect of a is b = a, so it sums up to a^2 / 2; on average over all
        // rows, b has the mean 1/2, and partial dependence is the line a / 2.
        var rows = Make(4000, random => random.NextDouble() is var a ? (a, a) : default);
        var effect = AccumulatedEffect.Of(Of((a, b) => a * b), rows, "a", 40)!;
        double start = effect.Effect[0];
        for (int k = 0; k < effect.Edges.Length; k++) Assert.Equal(effect.Edges[k] * effect.Edges[k] / 2, effect.Effect[k] - start, 0.01);
        var dependence = PartialDependence.Of(Of((a, b) => a * b), rows, ColumnGrid.Of(rows["a"], 10)!);
        double mean = Values(rows, "b").Average();
        for (int i = 0; i < dependence.Mean.Length; i++) Assert.Equal(dependence.Grid.Values[i] * mean, dependence.Mean[i], 1e-9);
        for (int i = 0; i < dependence.Mean.Length; i++) Assert.Equal(dependence.Grid.Values[i] * Values(rows, "b")[7], dependence.Rows[7][i], 1e-12);
    }

    [Fact]
    public void A_table_of_two_columns_is_the_mean_over_rows_and_counts_who_is_like_it()
    {
        // a and b have three values each, and never the same one: the cells on the diagonal are like no row.
        int at = 0;
        var rows = Make(6, _ => (at / 2, (at / 2 + 1 + at++ % 2) % 3));
        var other = new NumberColumn("c", new double[] { 1, 2, 3, 4, 5, 6 });
        var table = rows.With(other);
        var found = PairDependence.Of(all => [.. Values(all, "a").Zip(Values(all, "b"), (a, b) => 10 * a * b).Zip(Values(all, "c"), (x, c) => x + c)],
            table, table, ColumnGrid.Of(table["a"], 5)!, ColumnGrid.Of(table["b"], 5)!);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(10 * i * j + 3.5, found.Mean[i][j], 1e-12);
                Assert.Equal(i == j ? 0 : 1, found.Rows[i][j]);
            }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(3.0)]
    public void H_of_a_full_factorial_design_is_its_formula(double strength)
    {
        // On -1, 1 x -1, 1: f = a + b + s a b has the variances 1, 1 and s^2, so H^2 = s^2 / (2 + s^2).
        int at = 0;
        var rows = Make(4, _ => ((at & 1) * 2 - 1, (at++ & 2) - 1));
        var found = Assert.Single(InteractionStrength.Of(Of((a, b) => a + b + strength * a * b), rows, ["a", "b"]));
        Assert.Equal(Math.Sqrt(strength * strength / (2 + strength * strength)), found.H, 1e-12);
        Assert.Equal(strength, found.Size, 1e-12);
        Assert.Equal(0, InteractionStrength.Of(Of((_, _) => 3), rows, ["a", "b"])[0].H);
    }

    [Fact]
    public void Shuffling_a_column_costs_what_its_variance_says()
    {
        // y = 2 a + noise, known exactly: shuffling a makes the squared error 2 Var(2 a) (Fisher et al., 2019); b is not used.
        var rows = Make(4000, random => (random.NextGaussian(), random.NextGaussian()));
        var target = new Target(new TargetSchema { Column = "y", Task = TaskKind.Regression }, Array.ConvertAll(Values(rows, "a"), a => 2 * a));
        var found = PermutationImportance.Of(Of((a, _) => 2 * a), rows, target, ["b", "a"], MetricCatalog.Find("rmse"), 1, WorkerPool.Single);
        Assert.Equal(["a", "b"], found.Select(one => one.Column));
        Assert.Equal(Math.Sqrt(8), found[0].Loss.Value, 0.1);
        Assert.InRange(Math.Sqrt(8), found[0].Loss.Lower, found[0].Loss.Upper);
        Assert.Equal(new Interval(0, 0, 0), found[1].Loss);
    }

    [Fact]
    public void A_counterfactual_changes_as_little_as_is_enough()
    {
        var rows = Make(500, random => (random.NextDouble() * 10, random.NextDouble() * 10));
        Table row = new([new NumberColumn("a", new[] { 2.0 }), new NumberColumn("b", new[] { 3.0 })]);
        ColumnGrid[] grids = [ColumnGrid.Of(rows["a"], 20)!, ColumnGrid.Of(rows["b"], 20)!];
        var found = Counterfactual.Of(Of((a, b) => a + 2 * b), row, grids, above: true, 12);
        var change = Assert.Single(found[0].Changes);
        Assert.Equal("b", change.Column); // 2 more of b's grid steps are enough, of a's it takes twice as many
        Assert.InRange(double.Parse(change.To, System.Globalization.CultureInfo.InvariantCulture), 5, 5.6);
        Assert.True(found[0].Prediction >= 12);
        Assert.Empty(Counterfactual.Of(Of((a, b) => a + 2 * b), row, grids, above: true, 1000));
        Assert.Equal(2, Counterfactual.Of(Of((a, b) => a + 2 * b), row, grids, above: true, 25)[0].Changes.Count); // neither alone reaches it
        Assert.All(Counterfactual.Of(Of((a, b) => a + 2 * b), row, [grids[0]], above: false, 7.5), one => Assert.Equal("a", Assert.Single(one.Changes).Column));
    }
}
