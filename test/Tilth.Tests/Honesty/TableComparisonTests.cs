using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Fitting;
using Tilth.Honesty.Drift;
using Tilth.Kernels;
using Tilth.Tests.Data;
using Tilth.Walk;

namespace Tilth.Tests.Honesty;

public class TableComparisonTests
{
    [Fact]
    public void The_tests_equal_scipys()
    {
        // scipy 1.10.1: ks_2samp(a, b, mode='asymp') with a = [1,2,2,3,4,5,6,7,8,9] * 10 and b = [2,3,4,4,5,6,7,8,9,9] * 8
        // gives 0.2, 0.0510 (ours adds Stephens' correction); chi2_contingency([[30,20,50],[25,40,35]])[:2] the other.
        var (distance, p) = ColumnDrift.Kolmogorov([0, 10, 20, 10, 10, 10, 10, 10, 10, 10], [0, 0, 8, 8, 16, 8, 8, 8, 8, 16]);
        Assert.Equal(0.2, distance, 12);
        Assert.Equal(0.0510, p, 0.003);
        var (statistic, chi) = ColumnDrift.ChiSquared([30, 20, 50], [25, 40, 35]);
        Assert.Equal(9.768270944741534, statistic, 10);
        Assert.Equal(0.00756566165907572, chi, 10);
    }

    [Fact]
    public void Halves_of_one_table_are_alike()
    {
        int alarms = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var (a, b) = (Make(200, 0, seed), Make(150, 0, seed + 1000));
            var both = new Table([.. a.Columns.Zip(b.Columns, (x, y) => RawTables.RawColumn(x.Name, [.. Cells(x), .. Cells(y)]))]);
            if (ColumnDrift.Of(both, 200).Any(drift => drift.Mark != DriftMark.Same)) alarms++;
        }
        Assert.True(alarms <= 7, $"{alarms} alarms in 200 pairs of tables drawn alike, at a level of 1 %");
    }

    [Fact]
    public void A_column_that_moved_is_named_and_tells_the_tables_apart()
    {
        var moved = TableComparison.Of(Make(600, 0, 1), Make(500, 0.8, 2), FitContext.Default);
        Assert.Equal("x2", moved.Columns[0].Column);
        Assert.Equal([DriftMark.Moved, DriftMark.Same], moved.Columns.Take(2).Select(column => column.Mark));
        Assert.True(moved.TellsApart && moved.Auc.Value > 0.65);
        Assert.Equal("x2", moved.GiveAway[0].Column);
        Assert.Contains("'x2' moved", moved.Sentence);
        var same = TableComparison.Of(Make(600, 0, 1), Make(500, 0, 2), FitContext.Default);
        Assert.False(same.TellsApart);
        Assert.Contains("alike", same.Sentence);
    }

    [Fact]
    public void Samples_with_texts_dates_and_lost_columns_are_compared()
    {
        var first = SampleCatalog.Make("customers", 300, 1).Table;
        var result = TableComparison.Of(first, SampleCatalog.Make("customers", 300, 2).Table.Without("region").With(RawTables.RawColumn("new", [.. Enumerable.Repeat("1", 300)])), FitContext.Default);
        Assert.Equal(["region"], result.OnlyFirst);
        Assert.Equal(["new"], result.OnlySecond);
        Assert.DoesNotContain(result.Columns, column => column.Mark == DriftMark.Moved);
        Assert.Throws<SchemaException>(() => TableComparison.Of(first, first.Slice(0, 5), FitContext.Default));
        Assert.Throws<SchemaException>(() => TableComparison.Of(first.Select("region"), first.Without("region"), FitContext.Default));
    }

    static IEnumerable<string> Cells(Column column) => Enumerable.Range(0, column.Count).Select(row => column.Format(row) ?? "");

    static Table Make(int rows, double shift, ulong seed)
    {
        var random = new RandomSource(seed);
        string[] Draw(Func<string> cell) => [.. Enumerable.Range(0, rows).Select(_ => cell())];
        return new(
        [
            RawTables.RawColumn("x0", Draw(() => random.NextGaussian().ToString("0.000"))), RawTables.RawColumn("x1", Draw(() => random.NextDouble() < 0.1 ? "" : random.NextInt(9).ToString())),
            RawTables.RawColumn("x2", Draw(() => (random.NextGaussian() + shift).ToString("0.000"))), RawTables.RawColumn("x3", Draw(() => "abcd"[random.NextInt(4)].ToString())),
        ]);
    }
}
