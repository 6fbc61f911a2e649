using System.Text.Json;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Prepare;
using Tilth.Tests.Rules;

namespace Tilth.Tests.Prepare;

/// <summary>Against scikit-learn 1.2.1; Golden/make.py made the file.</summary>
public class GoldenTests
{
    static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(CodeFiles.Root, "test/Tilth.Tests/Prepare/Golden/preparation.json"))).RootElement;

    static readonly double[] Numbers = Doubles(Golden.GetProperty("numbers"));

    static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];

    static string[] Strings(string name) => [.. Golden.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];

    static FeatureMatrix Prepare(Column column, PreparationNeeds needs, Target? target = null)
    {
        var table = new Table([column]);
        return PreparationPlan.For(PlanData.SchemaOf(table), needs)
            .Fit(table, target, [.. Enumerable.Range(0, column.Count)], FitContext.Default).TrainingFeatures;
    }

    static CategoryColumn Category(string name)
    {
        var values = Strings(name);
        string[] levels = [.. values.Distinct().Order()];
        return new(name, Array.ConvertAll(values, value => Array.IndexOf(levels, value)), new LevelSet(levels));
    }

    static void AssertClose(IReadOnlyList<double> expected, ReadOnlySpan<float> actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], tolerance * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void Standard_scaling()
        => AssertClose(Doubles(Golden.GetProperty("standard")), Prepare(new NumberColumn("x", Numbers), new() { Numbers = NumberForm.Standard }).DenseColumn(0));

    [Fact]
    public void Robust_scaling_with_the_smooth_clip()
    {
        var expected = Doubles(Golden.GetProperty("robust")).Select(z => z / Math.Sqrt(1 + z / 3 * (z / 3))).ToArray();
        AssertClose(expected, Prepare(new NumberColumn("x", Numbers), new() { Numbers = NumberForm.Robust }).DenseColumn(0));
    }

    [Fact]
    public void Yeo_johnson()
    {
        foreach (var power in Golden.GetProperty("yeojohnson").EnumerateObject())
        {
            var expected = Doubles(power.Value);
            double p = double.Parse(power.Name, System.Globalization.CultureInfo.InvariantCulture);
            for (int i = 0; i < Numbers.Length; i++)
                Assert.Equal(expected[i], SkewStep.Transform(Numbers[i] / 10, p), 1e-12 * (1 + Math.Abs(expected[i])));
        }
    }

    [Fact]
    public void One_hot()
    {
        string[] names = Strings("one_hot_names");
        var expected = Golden.GetProperty("one_hot").EnumerateArray().Select(Doubles).ToArray();
        foreach (string column in (string[])["categories", "two"])
        {
            var features = Prepare(Category(column), new() { Categories = CategoryForm.OneHot });
            Assert.Equal(names.Count(name => name.StartsWith(column)), features.Map.Dense.Count);
            for (int f = 0; f < features.Map.Dense.Count; f++)
            {
                int at = Array.IndexOf(names, features.Map.NameOf(f).Replace('=', '_'));
                // Of two levels scikit-learn drops the first by name, we drop the more frequent one.
                var want = at >= 0 ? expected.Select(row => row[at]) : expected.Select(row => 1 - row[Array.IndexOf(names, "two_y")]);
                AssertClose([.. want], features.DenseColumn(f));
            }
        }
    }

    [Theory, InlineData("words"), InlineData("characters")]
    public void Tf_idf(string form)
    {
        var features = Prepare(TextColumn.From("t", Strings("texts")), new() { Text = TextForm.Sparse });
        var segment = features.Map.Sparse.Single(s => s.Feature.Name == $"t: {form}");
        var expected = Golden.GetProperty(form).EnumerateArray().ToArray();
        var columns = new Dictionary<string, int>();
        for (int row = 0; row < expected.Length; row++)
        {
            var got = new Dictionary<int, float>();
            for (int i = 0; i < features.Sparse!.ColumnsOf(row).Length; i++)
                if (features.Sparse.ColumnsOf(row)[i] - segment.Start is var at && at >= 0 && at < segment.Width)
                    got.Add(at, features.Sparse.ValuesOf(row)[i]);
            var want = expected[row].EnumerateArray().ToDictionary(entry => entry[0].GetString()!, entry => entry[1].GetDouble());
            Assert.Equal(want.Count, got.Count);
            AssertClose([.. want.Values.Order()], [.. got.Values.Order()]);
            foreach (var (term, value) in want)
            {
                int column = form == "words" && !term.Contains(' ') ? IndexOf(segment, term) : -1;
                if (column >= 0) Assert.Equal(value, got[column], 1e-6);
            }
        }
        Assert.Equal(segment.Width, expected.SelectMany(row => row.EnumerateArray().Select(entry => entry[0].GetString())).Distinct().Count());
    }

    static int IndexOf(SparseSegment segment, string term) => segment.Terms!.ToList().IndexOf(term);

    [Fact]
    public void Several_outputs_in_one_walk_are_each_as_if_alone()
    {
        var random = new RandomSource(3);
        var rows = Contracts.ContractData.Csr([.. Enumerable.Range(0, 80).Select(_ => Enumerable.Range(0, 30).Where(_ => random.NextInt(4) == 0).Select(column => (column, (float)random.NextDouble())).ToArray())], 30);
        int[] all = [.. Enumerable.Range(0, 80)];
        double[][] targets = [.. Enumerable.Range(0, 11).Select(k => Array.ConvertAll(all, row => k == 4 ? 0.0 : (row + random.NextInt(3)) % (k + 2) == 0 ? 1 : 0))];
        var joint = SparseLinearFit.Of(rows, all, targets, true, 1, new RandomSource(1), tolerance: 1e-7, mostEpochs: 3000);
        for (int k = 0; k < targets.Length; k++)
        {
            var alone = SparseLinearFit.Of(rows, all, [targets[k]], true, 1, new RandomSource(1), tolerance: 1e-7, mostEpochs: 3000);
            foreach (int row in all) Assert.Equal(alone.Score(rows, row)[0], joint.Score(rows, row)[k], 1e-3);
        }
    }

    [Theory, InlineData("logistic"), InlineData("ridge")]
    public void The_linear_text_model_reaches_the_optimum(string form)
    {
        var texts = Prepare(TextColumn.From("t", Strings("texts")), new() { Text = TextForm.Sparse });
        var words = texts.Map.Sparse[0];
        Assert.Equal(0, words.Start);
        var rows = Enumerable.Range(0, 60).Select(row => texts.Sparse!.ColumnsOf(row).ToArray().Zip(texts.Sparse.ValuesOf(row).ToArray())
            .Where(entry => entry.First < words.Width).ToArray()).ToArray();
        var only = Contracts.ContractData.Csr(rows, words.Width);
        var y = form == "logistic" ? Doubles(Golden.GetProperty("target")) : Numbers;
        var fit = SparseLinearFit.Of(only, [.. Enumerable.Range(0, 60)], [y], form == "logistic", 1, new RandomSource(1), tolerance: 1e-9, mostEpochs: 5000);
        var expected = Doubles(Golden.GetProperty(form));
        for (int row = 0; row < 60; row++) Assert.Equal(expected[row], fit.Score(only, row)[0], 1e-4);
    }
}
