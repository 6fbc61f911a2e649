using Tilth.Data;
using Tilth.Explanation;
using Tilth.Tests.Models.Trees;

namespace Tilth.Tests.Explanation;

public class SourceAttributionTests
{
    static readonly FeatureMap Map = new(
        [new Feature("a", ["a"]), new Feature("a/b", ["a", "b"])],
        [new CategoryFeature(new Feature("c", ["c"]), 3)],
        [new SparseSegment(new Feature("text", ["t"]), 0, 2, null), new SparseSegment(new Feature("b words", ["b"]), 2, 1, null)]);

    [Fact]
    public void Features_are_summed_onto_their_sources_and_shared_between_several()
    {
        var sources = new SourceAttribution(Map);
        Assert.Equal(["a", "b", "c", "t"], sources.Sources);
        var sums = new double[8];
        sources.Sum([1, 10, 2, 20, 4, 40, 8, 80, 16, 160, 32, 320], 2, sums);
        Assert.Equal([2, 20, 33, 330, 4, 40, 24, 240], sums);
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        var sources = new SourceAttribution(Map);
        Assert.Throws<ArgumentException>(() => sources.Sum(new double[5], 1, new double[4]));
        Assert.Throws<ArgumentException>(() => sources.Sum(new double[6], 1, new double[3]));
    }

    [Fact]
    public void Global_importance_is_the_mean_absolute_attribution()
    {
        var map = RandomTrees.Map(3, [4], 2);
        var model = RandomTrees.Ensemble(map, 5, 10, 1);
        var rows = RandomTrees.Rows(map, 3, 2);
        var sources = new SourceAttribution(map);
        var expected = new double[sources.Sources.Count];
        foreach (int r in (int[])[0, 2])
        {
            double[] contributions = new double[map.Count], sums = new double[expected.Length];
            RowAttribution.Explain(model, rows.GetRow(r, new float[3], new int[1]), contributions, new double[1]);
            sources.Sum(contributions, 1, sums);
            for (int i = 0; i < sums.Length; i++) expected[i] += Math.Abs(sums[i]) / 2;
        }
        var importance = GlobalImportance.BySource(model, rows, [0, 2], sources);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], importance[i], 1e-12);
    }
}
