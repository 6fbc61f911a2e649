using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Walk;

namespace Tilth.Tests.Walk;

/// <summary>What a competition's files say about how to divide train.</summary>
public class CompetitionTests
{
    [Fact]
    public void Later_dates_ask_for_times_new_groups_for_groups_and_else_rows_are_drawn()
    {
        var day = new DateTime(2026, 1, 1);
        Column Dates(int from, int count) => TextColumn.From("when", Enumerable.Range(from, count).Select(i => day.AddDays(i).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        Column Owners(int from, int count) => TextColumn.From("owner", Enumerable.Range(0, count).Select(i => $"o{from + i / 3}"));

        Assert.Equal("when", Find([Dates(0, 90)], [Dates(90, 30)]).Time);
        Assert.Null(Find([Dates(0, 90)], [Dates(40, 30)]).Time);
        var grouped = Find([Owners(0, 90)], [Owners(30, 30)]);
        Assert.Equal(("owner", null), (grouped.Group, grouped.Time));
        Assert.Contains("0 in common", grouped.Decisions[^1].Evidence);
        Assert.Null(Find([Owners(0, 90)], [Owners(0, 30)]).Group);
    }

    static Competition Find(Column[] train, Column[] test)
    {
        var random = new RandomSource(1);
        Column Numbers(string name, int count) => new NumberColumn(name, Enumerable.Range(0, count).Select(_ => random.NextGaussian()).ToArray());
        Column Ids(int from, int count) => new NumberColumn("id", Enumerable.Range(from, count).Select(i => (double)i).ToArray());
        var found = Competition.Find(new Table([Ids(0, 90), Numbers("x", 90), .. train, Numbers("y", 90)]), new Table([Ids(1000, 30), Numbers("x", 30), .. test]),
            new Table([Ids(1000, 30), Numbers("y", 30)]), new SchemaRequest(), WorkerPool.Single);
        Assert.Equal(("y", "id"), (found.Target, found.Identifier));
        return found;
    }
}
