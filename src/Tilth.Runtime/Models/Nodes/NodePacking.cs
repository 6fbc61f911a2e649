using Tilth.Parts;
using Tilth.Prepare;

namespace Tilth.Models.Nodes;

/// <summary>Writes a tree of nodes and reads it back; the kinds of node are a closed list. Equal preparations are stored once.</summary>
internal static class NodePacking
{
    /// <summary>Columns read, summed over pipelines: bounds what a small hostile file can make of shared preparations.</summary>
    const int MaxReads = 1_000_000;

    public static void Pack(PartWriter writer, Node root)
    {
        // Equal arrays share a number, so equal preparations have equal text.
        var different = new Dictionary<string, int>(StringComparer.Ordinal);
        var stored = new List<Preparation>();
        var numbers = new Dictionary<Preparation, int>(ReferenceEqualityComparer.Instance);
        foreach (var preparation in root.Preparations)
        {
            string text = writer.Render(preparation.Pack);
            if (different.TryAdd(text, stored.Count)) stored.Add(preparation);
            numbers[preparation] = different[text];
        }
        writer.Parts("preparations", stored, (w, preparation) => preparation.Pack(w));
        writer.Part("root", w => PackNode(w, root, numbers));
    }

    public static Node Unpack(PartReader reader)
    {
        Preparation[] preparations = [.. reader.Parts("preparations", 1, Node.MaxNodes).Select(Preparation.Unpack)];
        var left = new Left { Nodes = Node.MaxNodes, Reads = MaxReads };
        return UnpackNode(reader.Part("root"), preparations, Node.MaxDepth, left);
    }

    static void PackNode(PartWriter writer, Node node, Dictionary<Preparation, int> numbers)
    {
        void Children(PartWriter w, Node child) => PackNode(w, child, numbers);
        switch (node)
        {
            case Pipeline pipeline:
                writer.Text("kind", "pipeline");
                writer.Int("preparation", numbers[pipeline.Preparation]);
                writer.Part("model", w => PackModel(w, pipeline.Model));
                break;
            case Mean mean:
                writer.Text("kind", "mean");
                writer.Parts("children", mean.Children, Children);
                break;
            case Blend blend:
                writer.Text("kind", "blend");
                writer.Array("weights", blend.Weights);
                writer.Parts("children", blend.Children, Children);
                break;
            case Stack stack:
                writer.Text("kind", "stack");
                writer.Parts("children", stack.Children, Children);
                writer.Part("top", w => PackModel(w, stack.Top));
                break;
        }
    }

    static void PackModel(PartWriter writer, Model model)
    {
        writer.Text("kind", model.PartKind);
        model.Pack(writer);
    }

    static Node UnpackNode(PartReader reader, Preparation[] preparations, int depthLeft, Left left)
    {
        if (depthLeft == 0) throw reader.Wrong("root", $"is a tree more than {Node.MaxDepth} nodes deep");
        if (left.Nodes-- == 0) throw reader.Wrong("root", $"is a tree of more than {Node.MaxNodes} nodes");
        string kind = reader.Text("kind");
        if (kind == "pipeline")
        {
            var preparation = preparations[reader.Int("preparation", 0, preparations.Length - 1)];
            left.Reads -= preparation.Inputs.Count;
            if (left.Reads < 0) throw reader.Wrong("root", $"is a tree whose pipelines read more than {MaxReads} columns");
            var model = reader.Part("model");
            return new Pipeline(preparation, ModelKinds.Unpack(model.Text("kind"), model, preparation.Map));
        }
        if (kind is not ("mean" or "blend" or "stack")) throw reader.Wrong("kind", $"is '{kind}', a kind of node that this version does not know");
        var parts = reader.Parts("children", 1, Node.MaxNodes);
        var children = new Node[parts.Length];
        for (int c = 0; c < children.Length; c++)
        {
            children[c] = UnpackNode(parts[c], preparations, depthLeft - 1, left);
            if (children[c].OutputCount != children[0].OutputCount) throw reader.Wrong("children", "do not agree in their number of outputs");
        }
        return kind switch
        {
            "mean" => new Mean(children),
            "blend" => new Blend(UnpackWeights(reader, children.Length), children),
            _ => UnpackStack(reader, children),
        };
    }

    static double[] UnpackWeights(PartReader reader, int count)
    {
        double[] weights = reader.Array<double>("weights", count, count);
        return weights.All(w => w >= 0 && w <= double.MaxValue) && weights.Sum() is > 0 and <= double.MaxValue
            ? weights : throw reader.Wrong("weights", "are not finite numbers of at least 0, one above 0");
    }

    static Stack UnpackStack(PartReader reader, Node[] children)
    {
        var top = reader.Part("top");
        return new Stack(children, ModelKinds.Unpack(top.Text("kind"), top, Stack.MapOf(children)));
    }

    /// <summary>What the rest of the tree may still use.</summary>
    sealed class Left
    {
        public int Nodes { get; set; }

        public int Reads { get; set; }
    }
}
