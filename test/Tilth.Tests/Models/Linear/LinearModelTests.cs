using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Linear;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Models.Linear;

/// <summary>A model of three numbers, two categories, and five sparse columns, beside plain sums.</summary>
public class LinearModelTests
{
    static readonly FeatureMap Map = ContractData.MapOf(3, [2, 3], 5);

    static LinearModel Make(int outputs, Link link)
    {
        var random = new RandomSource(4);
        double[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextGaussian())];
        return new LinearModel(LinearShape.Of(Map), Draw(outputs * 13), Draw(outputs), Draw(13), link);
    }

    static FeatureMatrix Rows(int count)
    {
        var random = new RandomSource(5);
        var sparse = Enumerable.Range(0, count).Select(_ => random.Choose(5, 2).Select(c => (c, (float)random.NextDouble())).ToArray()).ToArray();
        var dense = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, count).Select(i => random.NextInt(8) == 0 ? float.NaN : (float)random.NextGaussian()).ToArray()).ToArray();
        var codes = Enumerable.Range(2, 2).Select(levels => Enumerable.Range(0, count).Select(_ => random.NextInt(levels + 2) - 1).ToArray()).ToArray();
        return new FeatureMatrix(Map, count, dense, codes, ContractData.Csr(sparse, 5));
    }

    [Fact]
    public void A_score_is_the_weighted_sum()
    {
        var model = Make(3, Link.Softmax);
        var rows = Rows(1100); // more than two blocks
        var scores = new double[3 * 1100];
        model.Score(rows, 0, 1100, scores);
        for (int i = 0; i < 1100; i++)
            for (int k = 0; k < 3; k++)
            {
                var w = model.Weights(k);
                double sum = model.Intercepts[k];
                for (int j = 0; j < 3; j++) sum += w[j] * (float.IsNaN(rows.Dense[j][i]) ? model.Means[j] : rows.Dense[j][i]);
                if (rows.Codes[0][i] is 0 or 1) sum += w[3 + rows.Codes[0][i]];
                if (rows.Codes[1][i] is >= 0 and < 3) sum += w[5 + rows.Codes[1][i]];
                var columns = rows.Sparse!.ColumnsOf(i);
                for (int e = 0; e < columns.Length; e++) sum += w[8 + columns[e]] * rows.Sparse.ValuesOf(i)[e];
                Assert.Equal(sum, scores[i * 3 + k], 1e-12);
            }
    }

    [Fact]
    public void Contributions_add_up_to_the_score_and_vanish_at_the_mean()
    {
        var model = Make(2, Link.Identity);
        var rows = Rows(40);
        var dense = new float[3];
        var codes = new int[2];
        double[] scores = new double[2], contributions = new double[2 * Map.Count], baseline = new double[2];
        for (int i = 0; i < 40; i++)
        {
            var row = rows.GetRow(i, dense, codes);
            model.ScoreRow(row, scores);
            model.Attribute(row, contributions, baseline);
            for (int k = 0; k < 2; k++)
            {
                Assert.Equal(scores[k], baseline[k] + Enumerable.Range(0, Map.Count).Sum(f => contributions[f * 2 + k]), 1e-12);
                for (int j = 0; j < 3; j++)
                    Assert.Equal(float.IsNaN(dense[j]) ? 0 : model.Weights(k)[j] * (dense[j] - model.Means[j]), contributions[j * 2 + k], 1e-15);
            }
        }
    }

    [Fact]
    public void An_exponential_link_never_overflows()
    {
        var model = new LinearModel(new LinearShape(1, [], 0), [1], [0], [0], Link.Exponential);
        var prediction = new double[1];
        foreach (float x in (float[])[1e30f, -1e30f, float.PositiveInfinity])
        {
            model.PredictRow(new FeatureRow([x], [], [], []), prediction);
            Assert.True(double.IsFinite(prediction[0]));
        }
    }

    [Fact]
    public void A_package_gives_the_same_model_back()
    {
        var model = Make(3, Link.Softmax);
        var again = PartRoundTrip.Through(model.Pack, reader => LinearModel.Unpack(reader, Map));
        Assert.Equal(model.Link, again.Link);
        for (int k = 0; k < 3; k++) Assert.Equal(model.Weights(k).ToArray(), again.Weights(k).ToArray());
        Assert.Equal(model.Intercepts.ToArray(), again.Intercepts.ToArray());
        Assert.Equal(model.Means.ToArray(), again.Means.ToArray());
    }

    [Fact]
    public void Damaged_packages_are_refused()
    {
        var model = Make(3, Link.Softmax);
        Refused(model, ContractData.MapOf(4, [2, 3], 5));
        Refused(model, Map, json => json.Replace("Softmax", "Logistic"));
        Refused(model, Map, json => json.Replace("Softmax", "Sideways"));
        Refused(model, Map, json => json.Replace("\"weights\":1", "\"weights\":9"));
        for (int array = 0; array < 3; array++)
        {
            int at = array;
            Refused(model, Map, spoilArray: (i, bytes) => i == at ? bytes[..^8] : bytes);
            Refused(model, Map, spoilArray: (i, bytes) => i == at ? [.. bytes[..^8], .. BitConverter.GetBytes(double.NaN)] : bytes);
        }
    }

    static void Refused(LinearModel model, FeatureMap map, Func<string, string>? spoilJson = null, Func<int, byte[], byte[]>? spoilArray = null)
        => Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => LinearModel.Unpack(reader, map), spoilJson, spoilArray));
}
