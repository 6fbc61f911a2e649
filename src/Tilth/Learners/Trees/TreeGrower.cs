using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Grows one tree after another on the same rows from packed gradients: histogram of the smaller child, the larger one by
/// subtraction, the best cut of every open leaf, and always the most promising leaf next (leaf-wise: Shi, 2007; LightGBM) or
/// the shallowest (depth-wise).
/// </summary>
internal sealed unsafe class TreeGrower : IDisposable
{
    const int ChunkBins = 2048;

    /// <summary>Stands for a cut that is to be found.</summary>
    const int Asked = -2;

    readonly TrainingRows rows;
    readonly WorkerPool workers;
    readonly GrowthRules rules;
    readonly ColumnChoice choice;
    readonly Histograms histograms;
    readonly Split[] found, foundOfSibling;
    readonly double[]? weights;

    public TreeGrower(TrainingRows rows, double[]? weights, GrowthRules rules, WorkerPool workers)
    {
        (this.rows, this.weights, this.rules, this.workers) = (rows, weights, rules, workers);
        choice = new ColumnChoice(rules, rows.Columns);
        histograms = new Histograms(rows, workers);
        Partition = new RowPartition(rows.Count, workers);
        (found, foundOfSibling) = (new Split[rows.Columns.Length], new Split[rows.Columns.Length]);
    }

    public void Dispose()
    {
        histograms.Dispose();
        Partition.Dispose();
    }

    /// <summary>Where the rows of the last tree's leaves stand.</summary>
    public RowPartition Partition { get; }

    /// <summary>Grows a tree on all positions, or on the listed ones (ascending).</summary>
    public GrownTree Grow(GradientPack gradients, int[]? listed, RandomSource random)
    {
        int count = listed?.Length ?? rows.Count;
        Partition.Start(count, listed);
        choice.DrawForTree(random);
        var tree = new GrownTree();
        var open = new List<OpenLeaf> { Root(gradients, listed, count, random.NextUInt64()) };
        while (open.Count < rules.NumLeaves && Next(open) is { } leaf)
            Cut(tree, open, leaf, gradients, last: open.Count + 1 == rules.NumLeaves);
        foreach (var leaf in open)
        {
            histograms.Return(leaf.Histogram);
            Attach(tree, leaf, ~tree.Leaves.Count);
            tree.Leaves.Add(new GrownLeaf { Start = leaf.Start, Count = leaf.Count, Weight = leaf.Node.Weight, Low = leaf.Node.Low, High = leaf.Node.High });
        }
        return tree;
    }

    OpenLeaf Root(GradientPack gradients, int[]? listed, int count, ulong seed)
    {
        var root = new OpenLeaf { Start = 0, Count = count, Parent = -1 };
        double weight = count;
        if (weights is not null)
        {
            weight = 0;
            for (int i = 0; i < count; i++) weight += weights[Partition.Positions[i]];
        }
        long g = 0, h = 0;
        if (rows.Columns.Length > 0)
        {
            root.Histogram = histograms.Build(listed is null ? null : Partition.Positions, count, gradients);
            (g, h) = Total(histograms.Column(root.Histogram, 0), rows.Columns[0].Bins);
        }
        root.Node = new SplitNode
        {
            Gradient = g, Hessian = h, Weight = weight, GradientScale = gradients.GradientScale, HessianScale = gradients.HessianScale,
            Low = double.NegativeInfinity, High = double.PositiveInfinity, Seed = seed,
        };
        FindSplits(root, null);
        return root;
    }

    static (long Gradient, long Hessian) Total(long* sums, int bins)
    {
        long g = 0, h = 0;
        for (int bin = 0; bin < bins; bin++) (g, h) = (g + sums[2 * bin], h + sums[2 * bin + 1]);
        return (g, h);
    }

    /// <summary>The leaf to cut next, or null if none can be.</summary>
    OpenLeaf? Next(List<OpenLeaf> open)
    {
        OpenLeaf? next = null;
        foreach (var leaf in open)
        {
            if (!leaf.Best.Exists) continue;
            if (next is null || (rules.DepthWise ? leaf.Depth < next.Depth : leaf.Best.Gain > next.Best.Gain)) next = leaf;
        }
        return next;
    }

    void Cut(GrownTree tree, List<OpenLeaf> open, OpenLeaf leaf, GradientPack gradients, bool last)
    {
        var split = leaf.Best;
        var column = rows.Columns[split.Column];
        ulong[] leftSet = split.LeftSet(column);
        int leftCount = Partition.Cut(leaf.Start, leaf.Count, rows.Bins(split.Column), leftSet, weights, out double leftWeight);
        int number = tree.Nodes.Count;
        Attach(tree, leaf, number);
        tree.Nodes.Add(new GrownNode { Column = split.Column, Bin = split.Bin, MissingLeft = split.MissingLeft, LeftSet = leftSet, Weight = leaf.Node.Weight });
        var (left, right) = Children(leaf, split, number, leftCount, leftWeight);
        // The left child takes its parent's place in the list; ties go to the leaf that is older.
        open[open.IndexOf(leaf)] = left;
        open.Add(right);
        bool deep = rules.MaxDepth > 0 && left.Depth >= rules.MaxDepth;
        if (last || deep || !(MayCut(left) || MayCut(right))) histograms.Return(leaf.Histogram);
        else
        {
            var (small, large) = left.Count <= right.Count ? (left, right) : (right, left);
            small.Histogram = histograms.Start(Partition.Positions + small.Start, small.Count, null);
            large.Histogram = leaf.Histogram;
            FindSplits(small, large);
        }
        leaf.Histogram = null;
    }

    (OpenLeaf Left, OpenLeaf Right) Children(OpenLeaf leaf, in Split split, int number, int leftCount, double leftWeight)
    {
        var node = leaf.Node;
        var (leftLow, leftHigh, rightLow, rightHigh) = (node.Low, node.High, node.Low, node.High);
        int direction = choice.DirectionOf(split.Column);
        if (direction != 0)
        {
            double left = Math.Clamp(rules.LeafValue(split.LeftGradient * node.GradientScale, split.LeftHessian * node.HessianScale), node.Low, node.High);
            double right = Math.Clamp(rules.LeafValue((node.Gradient - split.LeftGradient) * node.GradientScale, (node.Hessian - split.LeftHessian) * node.HessianScale), node.Low, node.High);
            double middle = (left + right) / 2;
            if (direction > 0) (leftHigh, rightLow) = (middle, middle);
            else (leftLow, rightHigh) = (middle, middle);
        }
        return (
            new OpenLeaf
            {
                Start = leaf.Start, Count = leftCount, Depth = leaf.Depth + 1, Parent = number, IsLeft = true, Path = choice.Extend(leaf.Path, split.Column),
                Node = ChildNode(node, split.LeftGradient, split.LeftHessian, leftWeight, leftLow, leftHigh, 1),
            },
            new OpenLeaf
            {
                Start = leaf.Start + leftCount, Count = leaf.Count - leftCount, Depth = leaf.Depth + 1, Parent = number, Path = choice.Extend(leaf.Path, split.Column),
                Node = ChildNode(node, node.Gradient - split.LeftGradient, node.Hessian - split.LeftHessian, node.Weight - leftWeight, rightLow, rightHigh, 2),
            });
    }

    static SplitNode ChildNode(in SplitNode parent, long gradient, long hessian, double weight, double low, double high, int side) => new()
    {
        Gradient = gradient, Hessian = hessian, Weight = weight, GradientScale = parent.GradientScale, HessianScale = parent.HessianScale,
        Low = low, High = high, Seed = StableHash.Mix(parent.Seed + (ulong)side),
    };

    static void Attach(GrownTree tree, OpenLeaf leaf, int child)
    {
        if (leaf.Parent < 0) return;
        if (leaf.IsLeft) tree.Nodes[leaf.Parent].Left = child;
        else tree.Nodes[leaf.Parent].Right = child;
    }

    bool MayCut(OpenLeaf leaf) => leaf.Count >= 2 && leaf.Node.Weight >= 2 * rules.MinDataInLeaf;

    /// <summary>
    /// The best cut of a leaf, or of two siblings at once: then the first one's histogram is finished and taken from the parent's,
    /// which the second one holds. All of it column by column, as a column's sums then stay in the first cache.
    /// </summary>
    void FindSplits(OpenLeaf leaf, OpenLeaf? sibling)
    {
        if (leaf.Histogram is null) return;
        Ask(leaf, found);
        if (sibling is not null) Ask(sibling, foundOfSibling);
        // No leaf of this tree asks for other columns.
        int[] columns = choice.OfTree;
        // Few bins are one chunk: a join of threads would cost more than the scan.
        workers.ForChunks(columns.Length, (int)Math.Max(1, (long)found.Length * ChunkBins / Math.Max(1, histograms.Bins)), (_, start, end) =>
        {
            for (int at = start; at < end; at++)
            {
                int column = columns[at];
                if (sibling is not null)
                {
                    histograms.Finish(leaf.Histogram, column);
                    histograms.Subtract(sibling.Histogram, leaf.Histogram, column);
                    if (foundOfSibling[column].Column == Asked) foundOfSibling[column] = FindIn(sibling, column);
                }
                if (found[column].Column == Asked) found[column] = FindIn(leaf, column);
            }
        });
        Choose(leaf, found);
        if (sibling is not null) Choose(sibling, foundOfSibling);
    }

    /// <summary>Marks the columns that the leaf may be cut by.</summary>
    void Ask(OpenLeaf leaf, Split[] splits)
    {
        splits.AsSpan().Fill(Split.None);
        if (!MayCut(leaf)) return;
        foreach (int column in choice.For(leaf.Path, leaf.Node.Seed)) splits[column].Column = Asked;
    }

    static void Choose(OpenLeaf leaf, Split[] splits)
    {
        foreach (ref readonly var split in splits.AsSpan())
            if (split.Exists && split.Gain > leaf.Best.Gain) leaf.Best = split;
    }

    Split FindIn(OpenLeaf leaf, int index)
    {
        var column = rows.Columns[index];
        long* sums = histograms.Column(leaf.Histogram, index);
        return column.IsOrdered
            ? NumberSplits.Find(rules, leaf.Node, column, index, choice.DirectionOf(index), sums)
            : CategorySplits.Find(rules, leaf.Node, column, index, sums);
    }

    /// <summary>A leaf that may still be cut.</summary>
    sealed class OpenLeaf
    {
        public required int Start;
        public required int Count;
        public required int Parent;
        public bool IsLeft;
        public int Depth;
        public int[] Path = [];
        public SplitNode Node;
        public long* Histogram;
        public Split Best = Split.None;
    }
}
