using Tilth.Data;

namespace Tilth.Tests.Data;

public class ConformTests
{
    static readonly Schema Schema = new()
    {
        Columns =
        [
            new() { Name = "id", Kind = ColumnKind.Text, Role = ColumnRole.Identifier },
            new() { Name = "age", Kind = ColumnKind.Number },
            new() { Name = "city", Kind = ColumnKind.Category, Levels = new LevelSet(["Basel", "Bern", "7"]) },
            new() { Name = "old", Kind = ColumnKind.Number, Role = ColumnRole.Ignored },
            new() { Name = "y", Kind = ColumnKind.Number, Role = ColumnRole.Target },
        ],
        Target = new() { Column = "y", Task = TaskKind.Regression },
    };

    [Fact]
    public void Other_order_extra_columns_and_other_kinds_are_brought_to_the_schema()
    {
        var raw = new Table([RawTables.Dictionary("city", " Bern", "Genf", "", "7.0"), new NumberColumn("extra", new double[4]), RawTables.Dictionary("age", "1", "n/a", "x", "4")]);
        var warnings = new List<Problem>();
        var table = Schema.Conform(raw, warnings);
        Assert.Equal(["age", "city"], table.Columns.Select(column => column.Name));
        Assert.Equal([1, double.NaN, double.NaN, 4], ((NumberColumn)table["age"]).Values.ToArray());
        Assert.Equal([1, -1, -1, 2], ((CategoryColumn)table["city"]).Codes.ToArray());
        Assert.Equal(["column 'age': 1 of 3 values are not a number and count as missing; the first is 'x' in row 3",
            "column 'city': 1 of 3 values are none of the 3 levels seen in training and count as missing; the first is 'Genf' in row 2"], warnings.Select(w => w.Message));
        Assert.Same(table["city"], Schema.Conform(table, warnings)["city"]);
        Assert.Equal([2], ((CategoryColumn)Schema.Conform(new Table([new NumberColumn("city", new double[] { 7 }), new NumberColumn("age", new double[1])]), warnings)["city"]).Codes.ToArray());
    }

    [Fact]
    public void Missing_columns_and_changed_kinds_are_refused_together()
    {
        var raw = new Table([RawTables.Dictionary("Age", "a", "b")]);
        var missing = Assert.Throws<SchemaException>(() => Schema.Conform(raw, [], targetRequired: true));
        Assert.Equal(["age", "city", "y"], missing.Problems.Select(problem => problem.Column));
        Assert.Contains("did you mean 'Age'?", missing.Problems[0].Message);
        var changed = Assert.Throws<SchemaException>(() => Schema.Conform(new Table([RawTables.Dictionary("age", "a", "b", "3"), RawTables.Dictionary("city", "Bern", "Bern", "Bern")]), []));
        Assert.Contains("2 of 3 values cannot be read so; the first is 'a' in row 1", changed.Message);
    }

    [Fact]
    public void Rare_levels_can_lose_their_names_and_still_be_read()
    {
        var raw = new Table([new NumberColumn("age", new double[12]), RawTables.Dictionary("city", [.. Enumerable.Repeat("Bern", 11), "Basel"])]);
        var withheld = Schema.WithholdRareLevels(Schema.Conform(raw, []));
        var levels = withheld.Find("city")!.Levels;
        Assert.Equal((false, true), (levels.HasName(0), levels.HasName(1)));
        var read = SchemaJson.Read(SchemaJson.Write(withheld));
        Assert.DoesNotContain("Basel", System.Text.Encoding.UTF8.GetString(SchemaJson.Write(withheld)));
        Assert.Equal(0, ((CategoryColumn)read.Conform(raw, [])["city"]).Codes.Span[11]);
        Assert.Equal(0, ((CategoryColumn)Schema.Conform(withheld.Conform(raw, []), [])["city"]).Codes.Span[11]);
    }
}
