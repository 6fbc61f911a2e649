using Tilth.Data;
using Tilth.Honesty;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Statistics;

namespace Tilth.Tests.Honesty;

public class ShuffleTestTests
{
    static readonly TargetSchema Two = new() { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };

    /// <summary>Two levels and two classes are Pearson's chi-squared: 10, 20 / 30, 15 gives n (ad - bc)^2 / (rows and columns).</summary>
    [Fact]
    public void Levels_and_classes_are_Pearsons_statistic()
    {
        (int, int)[] cells = [.. Cells(0, 0, 10), .. Cells(0, 1, 20), .. Cells(1, 0, 30), .. Cells(1, 1, 15)];
        var column = new CategoryColumn("x", cells.Select(c => c.Item1).ToArray(), new LevelSet(["a", "b"]));
        var (codes, scores) = TargetScores.Of(new Target(Two, [.. cells.Select(c => (double)c.Item2)]));
        double n = 75, pearson = n * Math.Pow(10 * 15 - 20 * 30, 2) / (30.0 * 45 * 40 * 35);
        int[] rows = [.. Enumerable.Range(0, cells.Length)];
        Assert.Equal(ChiSquaredDistribution.Tail(pearson * (n - 1) / n, 1), ColumnScore.Of(column, rows)!.Tail(codes, scores), 1e-12);

        static IEnumerable<(int, int)> Cells(int level, int y, int count) => Enumerable.Repeat((level, y), count);
    }

    [Fact]
    public void Numbers_find_lines_and_bends()
    {
        var random = new RandomSource(3);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextGaussian())];
        int[] rows = [.. Enumerable.Range(0, 400)];
        foreach (var (law, found) in ((Func<double, double>, bool)[])[(v => v, true), (v => v * v, true), (v => 0 * v, false)])
        {
            var target = new Target(new TargetSchema { Column = "y", Task = TaskKind.Regression }, [.. x.Select(v => law(v) + 2 * random.NextGaussian())]);
            var (codes, scores) = TargetScores.Of(target);
            double p = ColumnScore.Of(new NumberColumn("x", x), rows)!.Tail(codes, scores);
            Assert.Equal(found, p < 0.001);
        }
        Assert.Null(ColumnScore.Of(new NumberColumn("x", new double[400]), rows));
        Assert.Null(ColumnScore.Of(TextColumn.From("x", rows.Select(row => (string?)$"text {row}")), rows));
    }

    [Fact]
    public void P_values_of_noise_are_uniform_and_many_weak_columns_are_found()
    {
        const int Tables = 300;
        double[] noise = [.. Enumerable.Range(0, Tables).Select(i => PValue(60, 0, (ulong)i)).Order()];
        // Kolmogorov's distance: the 0.1 % limit of 300 values is 0.112.
        Assert.True(noise.Select((p, i) => Math.Abs(p - (i + 0.5) / Tables)).Max() < 0.112);
        Assert.True(Enumerable.Range(0, 20).Count(i => PValue(500, 0.22, (ulong)(1000 + i)) < 0.03) >= 17);
    }

    [Fact]
    public void Threads_change_no_bit_and_too_little_says_nothing()
    {
        using var pool = new WorkerPool(3);
        Assert.Equal(PValue(200, 0.1, 5), PValue(200, 0.1, 5, pool));
        Assert.True(double.IsNaN(PValue(12, 0, 1)));
        Assert.Equal(1 / 2001.0, PValue(800, 1, 1));
    }

    /// <summary>Six columns, each of which moves the target by the effect.</summary>
    static double PValue(int rows, double effect, ulong seed, WorkerPool? workers = null)
    {
        var random = new RandomSource(seed);
        double[][] x = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextGaussian()).ToArray())];
        double[] y = [.. Enumerable.Range(0, rows).Select(row => random.NextDouble() < Elementary.Sigmoid(effect * x.Sum(column => column[row])) ? 1.0 : 0)];
        var schema = new Schema { Columns = [.. x.Select((_, i) => new ColumnSchema { Name = $"x{i}", Kind = ColumnKind.Number, Role = ColumnRole.Feature })], Target = Two };
        var table = new Table([.. x.Select((values, i) => new NumberColumn($"x{i}", values))]);
        return ShuffleTest.PValue(schema, table, new Target(Two, y), [.. Enumerable.Range(0, rows)], seed, workers ?? WorkerPool.Single);
    }
}
