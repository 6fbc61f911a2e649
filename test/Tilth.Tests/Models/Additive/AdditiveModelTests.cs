using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Additive;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Models.Additive;

/// <summary>A model of a curve, a category and a pair, beside sums of its terms.</summary>
public class AdditiveModelTests
{
    static readonly FeatureMap Map = ContractData.MapOf(2, [3], 4);

    static AdditiveModel Make(int outputs, Link link)
    {
        var random = new RandomSource(1);
        var number = new AdditiveAxis(1, "x1", [-1f, 0f, 2f], null, 4, hasMissing: true);
        var category = new AdditiveAxis(2, "k0", null, [1, -1, 0], 2, hasMissing: false);
        var sparse = new AdditiveAxis(5, "text: #2", [0.5f], null, 2, hasMissing: false);
        AdditiveTerm Term(params AdditiveAxis[] axes)
        {
            int cells = axes.Aggregate(1, (product, axis) => product * axis.Bins);
            return new(axes, [.. Enumerable.Range(0, cells * outputs).Select(_ => random.NextInt(1 << 24) - (1 << 23))],
                [.. Enumerable.Range(0, cells * outputs).Select(_ => (float)random.NextDouble())], [.. Enumerable.Range(0, cells).Select(_ => (float)random.NextInt(9))], outputs, -20);
        }
        return new AdditiveModel([Term(number), Term(category), Term(number, category), Term(sparse)], [.. Enumerable.Range(0, outputs).Select(k => 1L << (20 + k))], -20, link);
    }

    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(-0.999f, 1)]
    [InlineData(2f, 2)]
    [InlineData(2.001f, 3)]
    [InlineData(float.PositiveInfinity, 3)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, 4)]
    public void A_score_is_the_sum_of_the_row_s_cells(float x, int bin)
    {
        var model = Make(2, Link.Softmax);
        var scores = new double[2];
        foreach (var (code, level) in new[] { (0, 1), (1, -1), (2, 0), (-1, -1), (7, -1) })
            foreach (float word in (float[])[0, 0.7f])
            {
                model.ScoreRow(new FeatureRow([0, x], [code], word > 0 ? [2] : [], word > 0 ? [word] : []), scores);
                for (int k = 0; k < 2; k++)
                {
                    double sum = model.Intercept(k) + model.Terms[0].Value(bin, k) + model.Terms[3].Value(word > 0.5 ? 1 : 0, k);
                    if (level >= 0) sum += model.Terms[1].Value(level, k) + model.Terms[2].Value(bin * 2 + level, k);
                    Assert.Equal(sum, scores[k]);
                }
            }
    }

    [Fact]
    public void A_pair_is_shared_equally()
    {
        var model = Make(1, Link.Identity);
        double[] contributions = new double[Map.Count], baseline = new double[1];
        model.Attribute(new FeatureRow([0, 1], [2], [], []), contributions, baseline);
        double pair = model.Terms[2].Value(2 * 2 + 0);
        Assert.Equal(0, contributions[0]);
        Assert.Equal(model.Terms[0].Value(2) + pair / 2, contributions[1]);
        Assert.Equal(model.Terms[1].Value(0) + pair / 2, contributions[2]);
        Assert.Equal(model.Terms[3].Value(0), contributions[5]);
        Assert.Equal("x1 x k0", model.Terms[2].Name);
        Assert.True(model.Terms[2].Importance() > 0);
    }

    [Fact]
    public void A_package_gives_the_same_model_back()
    {
        var model = Make(3, Link.Softmax);
        var again = (AdditiveModel)PartRoundTrip.Through(model.Pack, reader => ModelKinds.Unpack(model.PartKind, reader, Map));
        Assert.Equal(model.Link, again.Link);
        for (int k = 0; k < 3; k++) Assert.Equal(model.Intercept(k), again.Intercept(k));
        Assert.Equal(model.Terms.Count, again.Terms.Count);
        foreach (var (before, after) in model.Terms.Zip(again.Terms))
        {
            Assert.Equal(before.Name, after.Name);
            for (int a = 0; a < before.Axes.Count; a++)
            {
                Assert.Equal(before.Axes[a].Edges, after.Axes[a].Edges);
                Assert.Equal(before.Axes[a].BinOfLevel, after.Axes[a].BinOfLevel);
                Assert.Equal((before.Axes[a].Feature, before.Axes[a].Bins, before.Axes[a].HasMissing), (after.Axes[a].Feature, after.Axes[a].Bins, after.Axes[a].HasMissing));
            }
            for (int cell = 0; cell < before.CellCount; cell++)
            {
                Assert.Equal(before.Weight(cell), after.Weight(cell));
                for (int k = 0; k < 3; k++) Assert.Equal((before.Value(cell, k), before.Band(cell, k)), (after.Value(cell, k), after.Band(cell, k)));
            }
        }
    }

    [Fact]
    public void Damaged_packages_are_refused()
    {
        var model = Make(3, Link.Softmax);
        Refused(model, ContractData.MapOf(2, [4], 4));
        Refused(model, ContractData.MapOf(1, [3], 4));
        Refused(model, ContractData.MapOf(0, [], 0));
        Refused(model, Map, json => json.Replace("Softmax", "Logistic"));
        Refused(model, Map, json => json.Replace("\"feature\":5", "\"feature\":50"));
        Refused(model, Map, json => json.Replace("\"feature\":5", "\"feature\":-1"));
        Refused(model, Map, json => json.Replace("\"valueBins\":2", "\"valueBins\":3"));
        Refused(model, Map, json => json.Replace("\"valueBins\":2", "\"valueBins\":1"));
        Refused(model, Map, json => json.Replace("\"missing\":true", "\"missing\":false"));
        Refused(model, Map, json => json.Replace("\"scaleExponent\":-20", "\"scaleExponent\":1000"));
        int arrays = 0;
        PartRoundTrip.Through(model.Pack, reader => AdditiveModel.Unpack(reader, Map), spoilArray: (_, bytes) => { arrays++; return bytes; });
        for (int array = 0; array < arrays; array++)
        {
            int at = array;
            if (at > 0) Refused(model, Map, spoilArray: (i, bytes) => i == at ? bytes[..^4] : bytes);
            // All bits set: NaN as a number; -1 in whole numbers, which only the intercepts, values and levels may be.
            if (at is 0 or 2 or 5 or 6 or 8) continue;
            AdditiveModel? read = null;
            try { read = PartRoundTrip.Through(model.Pack, reader => AdditiveModel.Unpack(reader, Map), spoilArray: (i, bytes) => i == at ? [.. bytes[..^4], 255, 255, 255, 255] : bytes); }
            catch (PackageFormatException) { }
            if (read is not null) Assert.All(read.Terms, term => Assert.All(Enumerable.Range(0, term.CellCount), cell => Assert.True(double.IsFinite(term.Value(cell)) && term.Band(cell) >= 0 && term.Weight(cell) >= 0)));
        }
    }

    static void Refused(AdditiveModel model, FeatureMap map, Func<string, string>? spoilJson = null, Func<int, byte[], byte[]>? spoilArray = null)
        => Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => AdditiveModel.Unpack(reader, map), spoilJson, spoilArray));
}
