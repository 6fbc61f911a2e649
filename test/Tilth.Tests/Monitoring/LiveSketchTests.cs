using Tilth.Data;
using Tilth.Monitoring;
using Tilth.Packaging;

namespace Tilth.Tests.Monitoring;

/// <summary>The drift report against shares counted by hand, and its false alarms against chance.</summary>
public class LiveSketchTests
{
    [Fact]
    public void The_index_is_the_formula_on_shares_counted_by_hand()
    {
        // Two equally frequent levels and no missing value; live: 30 a, 10 b, 10 unseen, 50 missing of 100.
        var profile = new Tilth.Packaging.ColumnProfile { Name = "c", MissingShare = 0, Quantiles = [], LevelShares = [0.5, 0.5] };
        var bins = ValueBins.Of(new ColumnSchema { Name = "c", Kind = ColumnKind.Category, Levels = new LevelSet(["a", "b"]) }, profile)!;
        Assert.Equal((0, 1, 2, 3), (bins.OfCode(0), bins.OfCode(1), bins.OfCode(-1), bins.Missing));
        var drift = ValueDrift.Between(bins, [30, 10, 10, 50], 1000);
        double expected = (0.3 - 0.5) * Math.Log(0.3 / 0.5) + (0.1 - 0.5) * Math.Log(0.1 / 0.5) + (0.1 - 1e-4) * Math.Log(0.1 / 1e-4) + (0.5 - 1e-4) * Math.Log(0.5 / 1e-4);
        Assert.Equal(expected, drift.Index, 12);
        Assert.Equal(3 * (1 / 100.0 + 1 / 1000.0), drift.Chance, 12);
        Assert.Equal((0.5, 0.1, DriftVerdict.TooFewRows), (drift.MissingShare, drift.UnseenShare, drift.Verdict));
    }

    [Fact]
    public void Bins_of_numbers_hold_their_training_shares_also_with_ties()
    {
        foreach (double[] values in (double[][])[[.. Enumerable.Range(0, 1000).Select(i => (double)i)], [.. Enumerable.Range(0, 1000).Select(i => i < 550 ? 0.0 : i)], [.. Enumerable.Repeat(3.0, 1000)]])
        {
            var profile = ColumnSketch.Of(new NumberColumn("x", values));
            var bins = ValueBins.OfQuantiles("x", profile.Quantiles, 0.2);
            Assert.Equal(1, bins.Expected.Sum(), 12);
            for (int b = 0; b < bins.Unseen; b++)
                Assert.Equal(values.Count(value => bins.OfValue(value) == b) / 1000.0 * 0.8, bins.Expected[b], 2);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(3000)]
    public void Rows_like_the_training_rows_raise_no_alarm_and_the_index_is_what_chance_says(int rows)
    {
        var random = new Random(3);
        var profile = ColumnSketch.Of(new NumberColumn("x", Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray()));
        var bins = ValueBins.OfQuantiles("x", profile.Quantiles, 0);
        double sum = 0, chance = 0;
        const int Times = 200;
        for (int t = 0; t < Times; t++)
        {
            var counts = new long[bins.Count];
            for (int i = 0; i < rows; i++) counts[bins.OfValue(random.NextDouble())]++;
            var drift = ValueDrift.Between(bins, counts, 100_000);
            Assert.Equal(DriftVerdict.None, drift.Verdict);
            (sum, chance) = (sum + drift.Index / Times, drift.Chance);
        }
        Assert.InRange(sum / chance, 0.8, 1.25);
    }
}
