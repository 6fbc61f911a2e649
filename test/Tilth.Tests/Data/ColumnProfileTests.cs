using Tilth.Data;

namespace Tilth.Tests.Data;

public class ColumnProfileTests
{
    static ColumnProfile[] Profile(params Column[] columns)
    {
        var raw = new Table(columns);
        return [.. ColumnProfile.Of(raw, SchemaInference.Infer(raw, new SchemaRequest()).Schema)];
    }

    [Fact]
    public void Numbers_are_described_as_numpy_does()
    {
        // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6.5], [.05, .25, .5, .75, .95]); numpy.std(..., ddof=1)
        var profile = Profile(new NumberColumn("x", new[] { 3, 1, 4, double.NaN, 1, 5, 9, 2, 6.5 }))[0];
        Assert.Equal((9, 1, 7), (profile.Rows, profile.Missing, profile.Distinct));
        var numbers = profile.Numbers!;
        double[] expected = [1, 1.75, 3.5, 5.375, 8.125];
        for (int i = 0; i < 5; i++) Assert.Equal(expected[i], numbers.Quantiles[i], 12);
        Assert.Equal((1.0, 9.0, 3.9375), (numbers.Min, numbers.Max, numbers.Mean));
        Assert.Equal(2.808628287463981, numbers.StandardDeviation, 12);
        Assert.Equal(8, numbers.Histogram.Sum());
        Assert.Equal((2, 1), (numbers.Histogram[0], numbers.Histogram[19]));
    }

    [Fact]
    public void Levels_are_counted_and_odd_columns_named()
    {
        var profiles = Profile(
            RawTables.Dictionary("city", "Bern", "Basel", "Bern", "?"),
            RawTables.Dictionary("code", "3001", "4001", "3001", "NA"),
            RawTables.Dictionary("same", "a", "a", "a", "a"),
            RawTables.Dictionary("empty", "", "NA", "", ""),
            RawTables.Dictionary("flag", "yes", "no", "no", "no"),
            RawTables.Dictionary("when", "2020-01-01", "2020-01-03", "", "2020-01-02"));
        Assert.Equal([new LevelCount("Bern", 2), new LevelCount("Basel", 1)], profiles[0].TopLevels);
        Assert.Equal(1, profiles[0].Missing);
        Assert.Equal(["constant"], profiles[2].Suspects);
        Assert.Equal(ColumnRole.Ignored, profiles[3].Role);
        Assert.Equal([new LevelCount("false", 3), new LevelCount("true", 1)], profiles[4].TopLevels);
        Assert.Equal(new DateTime(2020, 1, 2).Ticks, profiles[5].Numbers!.Quantiles[2]);
    }

    [Fact]
    public void Columns_that_say_the_same_are_found_also_when_recoded()
    {
        string[] titles = [.. Enumerable.Range(0, 100).Select(i => $"title {i * i % 7}")], codes = [.. titles.Select(title => $"c{title[^1]}")];
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i % 13 / 2.0)];
        var profiles = Profile(RawTables.Dictionary("title", titles), RawTables.Dictionary("code", codes), new NumberColumn("v", values), new NumberColumn("w", values),
            new NumberColumn("row", Enumerable.Range(0, 100).Select(i => (double)i).ToArray()), TextColumn.From("gaps", Enumerable.Range(0, 100).Select(i => i == 5 ? "x" : null)));
        Assert.Equal(["says the same as 'title'"], profiles[1].Suspects);
        Assert.Equal(["says the same as 'v'"], profiles[3].Suspects);
        Assert.Equal(["identifier"], profiles[4].Suspects);
        Assert.Equal(["nearly all missing", "one value or missing"], profiles[5].Suspects);
    }
}
