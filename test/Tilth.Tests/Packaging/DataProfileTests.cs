using Tilth.Data;
using Tilth.Packaging;
using Tilth.Tests.Models.Nodes;

namespace Tilth.Tests.Packaging;

public class DataProfileTests
{
    [Fact]
    public void Quantiles_are_those_of_the_sorted_values_and_shares_count_rows()
    {
        var table = new Table([
            new NumberColumn("n", Enumerable.Range(0, 250).Select(i => i < 50 ? double.NaN : (i * 7919) % 200 + 1.0).ToArray()),
            new CategoryColumn("c", Enumerable.Range(0, 250).Select(i => i % 5 - 1).ToArray(), new LevelSet(["a", "b", "d", "e"])),
            new BooleanColumn("b", Enumerable.Range(0, 250).Select(i => (sbyte)(i % 2)).ToArray()),
            TextColumn.From("t", Enumerable.Range(0, 250).Select(i => i == 0 ? null : "ü")),
        ]);
        var schema = new Schema { Columns = [.. table.Columns.Select(c => new ColumnSchema { Name = c.Name, Kind = c.Kind, Levels = (c as CategoryColumn)?.Levels ?? LevelSet.Empty })] };
        var profile = DataProfile.Of(schema, table, Enumerable.Range(0, 202).Select(i => i / 100.0).ToArray(), 2);
        var sorted = ((NumberColumn)table["n"]).Values.ToArray().Where(v => !double.IsNaN(v)).Order().ToArray();
        var n = profile.Columns[0];
        Assert.Equal(0.2, n.MissingShare);
        Assert.Equal([sorted[0], .. Enumerable.Range(1, 100).Select(p => sorted[2 * p - 1])], n.Quantiles);
        Assert.Equal([0.2, 0.2, 0.2, 0.2], profile.Columns[1].LevelShares);
        Assert.Equal([0.5, 0.5], profile.Columns[2].LevelShares);
        Assert.All(profile.Columns[3].Quantiles, q => Assert.Equal(2, q));
        Assert.Equal(2, profile.Scores.Count);
        Assert.Equal(Enumerable.Range(0, 101).Select(i => 2 * i / 100.0), profile.Scores[0]);
    }

    [Fact]
    public void The_order_of_rows_does_not_matter_and_empty_tables_do_no_harm()
    {
        var (schema, table, _) = SampleNodes.Make(TaskKind.Binary);
        int[] order = [.. Enumerable.Range(0, table.RowCount).Select(i => i * 7 % table.RowCount)];
        var one = DataProfile.Of(schema, table, [], 1);
        var other = DataProfile.Of(schema, table.Take(order), [], 1);
        Assert.Equal(one.Columns.SelectMany(c => c.Quantiles), other.Columns.SelectMany(c => c.Quantiles));
        Assert.Equal(one.Columns.SelectMany(c => c.LevelShares), other.Columns.SelectMany(c => c.LevelShares));
        Assert.DoesNotContain(one.Columns, c => c.Name == "id");
        var none = DataProfile.Of(schema, table.Slice(0, 0), [], 1);
        Assert.All(none.Columns, c => Assert.Empty(c.Quantiles));
    }
}
