using Tilth.Data;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Tests.Metrics;

namespace Tilth.Tests.Contracts;

/// <summary>What is true of every metric in the catalogue, for every kind of target that it says it measures.</summary>
public class MetricContract
{
    public static TheoryData<string, TaskKind> MetricsAndTasks()
    {
        var data = new TheoryData<string, TaskKind>();
        foreach (var metric in MetricCatalog.All)
            foreach (var task in metric.Tasks) data.Add(metric.Name, task);
        return data;
    }

    [Theory, MemberData(nameof(MetricsAndTasks))]
    public void Perfect_predictions_have_the_best_value_and_others_not(string name, TaskKind task)
    {
        var metric = MetricCatalog.Find(name);
        var data = MetricRows.Make(task, 200, 1);
        var perfect = new EvaluationData(data.Schema, data.Targets, MetricRows.Perfect(data));
        Assert.Equal(metric.Best, metric.Compute(perfect), 1e-12);
        Assert.True(metric.IsBetter(metric.Compute(perfect), metric.Compute(data)));
        Assert.False(metric.IsBetter(metric.Compute(data), metric.Compute(data)));
    }

    [Theory, MemberData(nameof(MetricsAndTasks))]
    public void Values_stay_within_the_bounds(string name, TaskKind task)
    {
        var metric = MetricCatalog.Find(name);
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var data = MetricRows.Make(task, 3 + (int)seed * 3, seed, signal: seed % 5 - 2.0);
            Assert.InRange(metric.Compute(data), metric.Lower, metric.Upper);
        }
    }

    [Theory, MemberData(nameof(MetricsAndTasks))]
    public void Weights_of_one_are_none(string name, TaskKind task)
    {
        var metric = MetricCatalog.Find(name);
        foreach (int rows in (int[])[100, 101])
        {
            var data = MetricRows.Make(task, rows, 2);
            Assert.Equal(metric.Compute(data), metric.Compute(data.WithWeights([.. Enumerable.Repeat(1.0, rows)])), 1e-14);
        }
    }

    [Theory, MemberData(nameof(MetricsAndTasks))]
    public void Weight_two_is_the_row_twice_and_weight_zero_is_no_row(string name, TaskKind task)
    {
        var metric = MetricCatalog.Find(name);
        var random = new RandomSource(3);
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var data = MetricRows.Make(task, 60, seed);
            var weights = Enumerable.Range(0, 60).Select(_ => (double)random.NextInt(3)).ToArray();
            int[] repeated = [.. Enumerable.Range(0, 60).SelectMany(row => Enumerable.Repeat(row, (int)weights[row]))];
            Close(metric.Compute(MetricRows.Take(data, repeated)), metric.Compute(data.WithWeights(weights)));
        }
    }

    [Theory, MemberData(nameof(MetricsAndTasks))]
    public void Row_order_does_not_matter(string name, TaskKind task)
    {
        var metric = MetricCatalog.Find(name);
        var data = MetricRows.Make(task, 150, 4);
        int[] order = [.. Enumerable.Range(0, 150)];
        new RandomSource(8).Shuffle(order.AsSpan());
        Close(metric.Compute(data), metric.Compute(MetricRows.Take(data, order)));
    }

    [Theory, MemberData(nameof(MetricsAndTasks))]
    public void One_class_or_one_row_gives_a_number_or_NaN_and_never_throws(string name, TaskKind task)
    {
        var metric = MetricCatalog.Find(name);
        var data = MetricRows.Make(task, 50, 5);
        int[] single = [.. Enumerable.Range(0, 50).Where(row => data.Targets[row] == data.Targets[4])];
        foreach (int[] rows in (int[][])[single, [4]])
            metric.Compute(MetricRows.Take(data, rows));
    }

    [Fact]
    public void Every_metric_is_documented_and_named_once()
    {
        Assert.Equal(MetricCatalog.All.Count, MetricCatalog.All.Select(metric => metric.Name).Distinct().Count());
        foreach (var metric in MetricCatalog.All)
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", metric.Name);
            Assert.EndsWith(".", metric.Help);
            Assert.NotEmpty(metric.Tasks);
            Assert.Throws<ArgumentException>(() => metric.Compute(MetricRows.Make(
                metric.Tasks.Contains(TaskKind.Regression) ? TaskKind.Binary : TaskKind.Regression, 10, 1)));
        }
    }

    static void Close(double expected, double found) => Assert.True(
        Math.Abs(expected - found) <= 1e-11 * Math.Max(1, Math.Abs(expected)), $"expected {expected}, found {found}");
}
