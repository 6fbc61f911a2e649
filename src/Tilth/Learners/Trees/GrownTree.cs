using Tilth.Models.Trees;

namespace Tilth.Learners.Trees;

/// <summary>
/// A tree over bins while it is being grown. A child is a node's number or the complement of a leaf's; leaves remember their
/// rows, so that scores are updated without walking.
/// </summary>
internal sealed class GrownTree
{
    public List<GrownNode> Nodes { get; } = [];

    public List<GrownLeaf> Leaves { get; } = [];

    /// <summary>Where every walk starts.</summary>
    public int Root => Nodes.Count == 0 ? ~0 : 0;

    /// <summary>The leaf that a row of the binned matrix comes to from a child on.</summary>
    public unsafe int FindLeaf(BinnedMatrix matrix, int row, int from)
    {
        int at = from;
        while (at >= 0)
        {
            var node = Nodes[at];
            int bin = matrix.Bins(node.Column)[row];
            at = (node.LeftSet[bin >> 6] >> bin & 1) != 0 ? node.Left : node.Right;
        }
        return ~at;
    }

    /// <summary>The canonical form: nodes in pre-order, leaves from left to right, values on the ensemble's scale.</summary>
    public Tree ToTree(BinColumn[] columns, int output, LeafScale scale)
    {
        var nodeOrder = new List<int>();
        var leafOrder = new List<int>();
        var (nodeAt, leafAt) = (new int[Nodes.Count], new int[Leaves.Count]);
        var open = new Stack<int>();
        open.Push(Nodes.Count == 0 ? ~0 : 0);
        while (open.TryPop(out int at))
        {
            if (at < 0)
            {
                leafAt[~at] = leafOrder.Count;
                leafOrder.Add(~at);
                continue;
            }
            nodeAt[at] = nodeOrder.Count;
            nodeOrder.Add(at);
            open.Push(Nodes[at].Right);
            open.Push(Nodes[at].Left);
        }
        int Renumber(int child) => child < 0 ? ~leafAt[~child] : nodeAt[child];
        var bits = new List<ulong>();
        return new Tree
        {
            Feature = [.. nodeOrder.Select(at => columns[Nodes[at].Column].Feature)],
            Threshold = [.. nodeOrder.Select(at => ThresholdOf(Nodes[at], columns[Nodes[at].Column]))],
            MissingLeft = [.. nodeOrder.Select(at => MissingLeft(Nodes[at], columns[Nodes[at].Column]))],
            CategoryStart = [.. nodeOrder.Select(at => AddCodes(Nodes[at], columns[Nodes[at].Column], bits))],
            Left = [.. nodeOrder.Select(at => Renumber(Nodes[at].Left))],
            Right = [.. nodeOrder.Select(at => Renumber(Nodes[at].Right))],
            NodeCover = [.. nodeOrder.Select(at => Nodes[at].Weight)],
            LeafCover = [.. leafOrder.Select(leaf => Leaves[leaf].Weight)],
            LeafValues = [.. leafOrder.SelectMany(leaf => Leaves[leaf].Values.Select(scale.Round))],
            CategoryBits = [.. bits],
            Output = output,
        };
    }

    static float ThresholdOf(GrownNode node, BinColumn column)
        => column.IsCategory ? 0 : node.Bin < column.Edges!.Length ? column.Edges[node.Bin] : float.MaxValue;

    static bool MissingLeft(GrownNode node, BinColumn column)
        => column.MissingLevelBin < 0 ? node.MissingLeft : node.Bin >= column.MissingLevelBin;

    static int AddCodes(GrownNode node, BinColumn column, List<ulong> bits)
    {
        if (!column.IsCategory) return -1;
        var words = new ulong[(column.BinOfCode!.Length + 63) / 64];
        int used = 0;
        for (int code = 0; code < column.BinOfCode.Length; code++)
        {
            int bin = column.BinOfCode[code];
            if (bin < 0 || (node.LeftSet[bin >> 6] >> bin & 1) == 0) continue;
            words[code >> 6] |= 1UL << code;
            used = (code >> 6) + 1;
        }
        int start = bits.Count;
        bits.Add((ulong)used);
        bits.AddRange(words.Take(used));
        return start;
    }
}

/// <summary>A cut of a grown tree.</summary>
internal sealed class GrownNode
{
    public required int Column { get; init; }
    public required int Bin { get; init; }
    public required bool MissingLeft { get; init; }
    /// <summary>Bins that go left.</summary>
    public required ulong[] LeftSet { get; init; }
    public required double Weight { get; init; }
    public int Left { get; set; }
    public int Right { get; set; }
}

/// <summary>A leaf of a grown tree, with its rows in the partition and the bounds of its value.</summary>
internal sealed class GrownLeaf
{
    public required int Start { get; init; }
    public required int Count { get; init; }
    public required double Weight { get; init; }
    public double Low { get; init; } = double.NegativeInfinity;
    public double High { get; init; } = double.PositiveInfinity;
    /// <summary>One value, or one an output.</summary>
    public double[] Values { get; set; } = [0];
}
