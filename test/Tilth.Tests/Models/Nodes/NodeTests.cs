using System.Buffers;
using System.Text.Json;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models.Nodes;
using Tilth.Parts;

namespace Tilth.Tests.Models.Nodes;

public class NodeTests
{
    public static TheoryData<TaskKind> Tasks => [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    [Theory, MemberData(nameof(Tasks))]
    public void A_table_gives_the_bits_of_its_rows(TaskKind task)
    {
        var (schema, table, node) = SampleNodes.Make(task);
        Assert.Equal(node.Predict(table), OneByOne(schema, table, node));
        var stack = StackOf(schema, table, task);
        Assert.Equal(stack.Predict(table), OneByOne(schema, table, stack));
    }

    [Fact]
    public void A_blend_is_the_weighted_average_and_a_mean_the_plain_one()
    {
        var (_, table, node) = SampleNodes.Make(TaskKind.Binary);
        double[] boosting = node.Children[0].Predict(table), mean = node.Children[1].Predict(table), blend = node.Predict(table);
        double[] a = node.Children[1].Children[0].Predict(table), b = node.Children[1].Children[1].Predict(table);
        for (int row = 0; row < table.RowCount; row++)
        {
            Assert.Equal(0.75 * boosting[row] + 0.25 * mean[row], blend[row], 1e-15);
            Assert.Equal((a[row] + b[row]) / 2, mean[row], 1e-15);
        }
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void A_preparation_shared_by_children_runs_once_a_block_and_row()
    {
        var (schema, table, node) = SampleNodes.Make(TaskKind.Binary);
        var mean = node.Children[1];
        var preparation = Assert.Single(mean.Preparations);
        var block = new PreparedBlock(table, table.RowCount);
        Assert.Same(block.FeaturesOf(preparation), block.FeaturesOf(preparation));
        Assert.Equal(2, node.Preparations.Count());
        Assert.DoesNotContain("id", node.SourceColumns);
        Assert.Equal(node.SourceColumns.Distinct(), node.SourceColumns);
        Assert.All(node.SourceColumns, name => Assert.NotNull(schema.Find(name)));
    }

    [Theory, MemberData(nameof(Tasks))]
    public void A_tree_comes_back_from_its_part_with_the_same_bits_and_bytes(TaskKind task)
    {
        var (schema, table, node) = SampleNodes.Make(task);
        foreach (var tree in (Node[])[node, StackOf(schema, table, task), node.Children[0]])
        {
            var (json, arrays) = Packed(tree);
            var back = Unpacked(json, arrays);
            Assert.Equal(tree.Predict(table), back.Predict(table));
            Assert.Equal(json, Packed(back).Json);
        }
    }

    [Fact]
    public void Equal_preparations_are_stored_once()
    {
        var (schema, table, node) = SampleNodes.Make(TaskKind.Binary);
        var target = new Target(schema.Target!, [.. Enumerable.Range(0, table.RowCount).Select(row => (double)(row & 1))]);
        var a = SampleNodes.Pipeline(schema, table, target, SampleNodes.Boosting);
        var b = SampleNodes.Pipeline(schema, table, target, SampleNodes.Boosting);
        Assert.NotSame(a.Preparation, b.Preparation);
        var back = Unpacked(Packed(new Mean([a, b])).Json, Packed(new Mean([a, b])).Arrays);
        Assert.Single(back.Preparations);
        Assert.Equal(new Mean([a, b]).Predict(table), back.Predict(table));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var binary = SampleNodes.Make(TaskKind.Binary).Node;
        var three = SampleNodes.Make(TaskKind.Multiclass).Node;
        Assert.Throws<ArgumentException>(() => new Mean([]));
        Assert.Throws<ArgumentException>(() => new Mean([binary, three]));
        Assert.Throws<ArgumentException>(() => new Blend([1], [binary, binary]));
        Assert.Throws<ArgumentException>(() => new Blend([1, -1], [binary, binary]));
        Assert.Throws<ArgumentException>(() => new Blend([0, 0], [binary, binary]));
        Assert.Throws<ArgumentException>(() => new Blend([double.NaN, 1], [binary, binary]));
        Node deep = binary;
        while (deep.Depth < Node.MaxDepth) deep = new Mean([deep]);
        Assert.Throws<ArgumentException>(() => new Mean([deep]));
        Assert.Throws<ArgumentException>(() => new Mean([.. Enumerable.Repeat(binary, 300)]));
    }

    internal static (string Json, ArrayStore Arrays) Packed(Node node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var arrays = new ArrayStore();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            NodePacking.Pack(new PartWriter(json, arrays), node);
            json.WriteEndObject();
        }
        return (System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan), arrays);
    }

    static Node Unpacked(string json, ArrayStore arrays)
    {
        using var document = JsonDocument.Parse(json);
        return NodePacking.Unpack(new PartReader(document.RootElement, arrays));
    }

    static Stack StackOf(Schema schema, Table table, TaskKind task)
    {
        var node = SampleNodes.Make(task).Node;
        var children = new[] { node.Children[0], node.Children[1] };
        var map = Stack.MapOf(children);
        var columns = children.SelectMany(child =>
        {
            double[] predictions = child.Predict(table);
            return Enumerable.Range(0, child.OutputCount).Select(k => Enumerable.Range(0, table.RowCount).Select(row => (float)predictions[row * child.OutputCount + k]).ToArray());
        });
        var target = new Target(schema.Target!, [.. Enumerable.Range(0, table.RowCount).Select(row => (double)(row % 2))]);
        var features = new FeatureMatrix(map, table.RowCount, [.. columns], [], null);
        return new Stack(children, SampleNodes.Linear.Fit(new TrainingSet(features, target), FitContext.Default));
    }

    static double[] OneByOne(Schema schema, Table table, Node node)
    {
        var values = new RowValues(schema.Columns.Count);
        var row = new PreparedRow(node, schema, values);
        var predictions = new double[table.RowCount * node.OutputCount];
        for (int r = 0; r < table.RowCount; r++)
        {
            for (int c = 0; c < schema.Columns.Count; c++)
                if (table.Find(schema.Columns[c].Name) is { } column) values.Load(c, column, r);
            row.Begin();
            node.PredictRow(row, predictions.AsSpan(r * node.OutputCount, node.OutputCount));
        }
        return predictions;
    }
}
