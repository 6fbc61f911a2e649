using System.Text.Json;
using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models.Trees;
using Tilth.Parts;

namespace Tilth.Tests.Models.Trees;

public class TreePackingTests
{
    [Theory]
    [InlineData(1, false, false), InlineData(3, false, true), InlineData(3, true, false)]
    public void An_ensemble_comes_back_to_the_bit(int outputs, bool vectorLeaves, bool mean)
    {
        var map = RandomTrees.Map();
        for (ulong seed = 0; seed < 20; seed++)
        {
            var ensemble = RandomTrees.Ensemble(map, 12, 40, seed, outputs, vectorLeaves, mean);
            var (json, arrays) = Pack(ensemble);
            var again = Unpack(json, arrays, map);
            var (json2, arrays2) = Pack(again);
            Assert.Equal(json, json2);
            Assert.Equal(arrays.Entries.Select(e => Convert.ToHexString(e.Bytes.Span)), arrays2.Entries.Select(e => Convert.ToHexString(e.Bytes.Span)));
            var rows = RandomTrees.Rows(map, 50, seed);
            double[] expected = new double[50 * outputs], scores = new double[50 * outputs];
            ensemble.Score(rows, 0, 50, expected);
            again.Score(rows, 0, 50, scores);
            Assert.Equal(expected, scores);
            Assert.Equal(ensemble.Trees.Select(t => t.Left), again.Trees.Select(t => t.Left));
            Assert.Equal(ensemble.Trees.Select(t => t.Right), again.Trees.Select(t => t.Right));
            Assert.Equal(ensemble.Trees.Select(t => t.NodeCover), again.Trees.Select(t => t.NodeCover));
        }
    }

    [Fact]
    public void Damaged_bytes_give_a_format_exception_or_a_model_that_predicts()
    {
        var map = RandomTrees.Map();
        var random = new RandomSource(7);
        var rows = RandomTrees.Rows(map, 4, 1);
        int refused = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            int outputs = 1 + trial % 3;
            var (json, arrays) = Pack(RandomTrees.Ensemble(map, 1 + random.NextInt(4), 8, (ulong)(trial % 50), outputs, trial % 2 == 0));
            var damaged = Damage(arrays, random);
            byte[] text = (byte[])json.Clone();
            if (random.NextInt(4) == 0) text[random.NextInt(text.Length)] = (byte)(32 + random.NextInt(95));
            try
            {
                var model = Unpack(text, damaged, map);
                var scores = new double[4 * model.OutputCount];
                model.Score(rows, 0, 4, scores);
                var row = rows.GetRow(0, new float[map.Dense.Count], new int[map.Categories.Count]);
                model.ScoreRow(row, scores.AsSpan(0, model.OutputCount));
                model.Attribute(row, new double[map.Count * model.OutputCount], new double[model.OutputCount]);
            }
            catch (JsonException) { refused++; }
            catch (PackageFormatException problem)
            {
                refused++;
                Assert.NotEmpty(problem.Problems[0].Message);
            }
        }
        Assert.InRange(refused, 1000, 3999);
    }

    [Fact]
    public void A_feature_beyond_the_map_is_named()
    {
        var (json, arrays) = Pack(RandomTrees.Ensemble(RandomTrees.Map(), 20, 30, 1));
        var problem = Assert.Throws<PackageFormatException>(() => Unpack(json, arrays, RandomTrees.Map(dense: 1, levels: [3], sparse: 0)));
        Assert.Contains("feature", problem.Message);
    }

    [Fact]
    public void Nodes_out_of_order_are_refused()
    {
        var tree = RandomTrees.Make(RandomTrees.Map(), 3, new RandomSource(1));
        (tree.Left[0], tree.Right[0]) = (tree.Right[0], tree.Left[0]);
        Assert.Throws<ArgumentException>(() => new TreeEnsemble([tree], [0], -24, false, default));
    }

    static ArrayStore Damage(ArrayStore arrays, RandomSource random)
    {
        var damaged = new ArrayStore();
        int victim = random.NextInt(arrays.Count);
        for (int i = 0; i < arrays.Count; i++)
        {
            var (type, bytes) = arrays.Entries[i];
            byte[] copy = bytes.ToArray();
            if (i == victim && copy.Length > 0)
            {
                int size = ElementTypes.SizeOf(type);
                switch (random.NextInt(3))
                {
                    case 0: copy[random.NextInt(copy.Length)] ^= (byte)(1 << random.NextInt(8)); break;
                    case 1: copy[random.NextInt(copy.Length)] = (byte)random.NextInt(256); break;
                    default: copy = copy[..(random.NextInt(copy.Length / size + 1) * size)]; break;
                }
            }
            damaged.Append(type, copy);
        }
        return damaged;
    }

    static (byte[] Json, ArrayStore Arrays) Pack(TreeEnsemble ensemble)
    {
        using var stream = new MemoryStream();
        var arrays = new ArrayStore();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            ensemble.Pack(new PartWriter(json, arrays));
            json.WriteEndObject();
        }
        return (stream.ToArray(), arrays);
    }

    static TreeEnsemble Unpack(byte[] json, ArrayStore arrays, FeatureMap map)
    {
        using var document = JsonDocument.Parse(json);
        return TreeEnsemble.Unpack(new PartReader(document.RootElement, arrays), map);
    }
}
