using Tilth.Kernels;
using Tilth.Learners.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Oblivious;

/// <summary>
/// Grows symmetric trees (Kohavi and Li, 1995; CatBoost: Dorogush et al., 2018): all leaves of a level ask the same question.
/// We differ in that a leaf which the question would leave with an empty or too small side is not cut; at prediction such a
/// tree is an ordinary one of fewer than 2^depth leaves. The best columns are found with noise on their scores, which fades
/// as the model grows (CatBoost's random_strength).
/// </summary>
internal sealed unsafe class ObliviousGrower : IDisposable
{
    const int ChunkBins = 16_384;

    readonly TrainingRows rows;
    readonly WorkerPool workers;
    readonly GrowthRules rules;
    readonly Histograms histograms;
    readonly Split[] found;
    readonly double[]? weights;

    public ObliviousGrower(TrainingRows rows, double[]? weights, GrowthRules rules, WorkerPool workers)
    {
        (this.rows, this.weights, this.rules, this.workers) = (rows, weights, rules, workers);
        histograms = new Histograms(rows, workers);
        Partition = new RowPartition(rows.Count, workers);
        found = new Split[rows.Columns.Length];
    }

    public void Dispose()
    {
        histograms.Dispose();
        Partition.Dispose();
    }

    /// <summary>Where the rows of the last tree's leaves stand.</summary>
    public RowPartition Partition { get; }

    public TrainingRows Rows => rows;

    /// <summary>Grows a tree on all positions, or on the listed ones (ascending).</summary>
    /// <param name="gradients">Written into the rows.</param>
    /// <param name="listed">The bag, or null.</param>
    /// <param name="allowed">The columns that the tree may ask for.</param>
    /// <param name="noise">Standard deviation of the noise on a column's score, which is the root of the gain.</param>
    /// <param name="random">Draws columns and noise.</param>
    public GrownTree Grow(GradientPack gradients, int[]? listed, int[] allowed, double noise, RandomSource random)
    {
        int count = listed?.Length ?? rows.Count;
        Partition.Start(count, listed);
        var tree = new GrownTree();
        var open = new List<OpenLeaf> { Root(gradients, listed, count) };
        for (int level = 0; level < rules.MaxDepth && allowed.Length > 0; level++)
        {
            var split = FindSplit(open, allowed, noise, random.Child(level));
            if (!split.Exists) break;
            open = CutAll(tree, open, split, last: level + 1 == rules.MaxDepth);
        }
        foreach (var leaf in open)
        {
            histograms.Return(leaf.Histogram);
            Attach(tree, leaf, ~tree.Leaves.Count);
            tree.Leaves.Add(new GrownLeaf { Start = leaf.Start, Count = leaf.Count, Weight = leaf.Node.Weight });
        }
        return tree;
    }

    OpenLeaf Root(GradientPack gradients, int[]? listed, int count)
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
            long* sums = histograms.Column(root.Histogram, 0);
            for (int bin = 0; bin < rows.Columns[0].Bins; bin++) (g, h) = (g + sums[2 * bin], h + sums[2 * bin + 1]);
        }
        root.Node = NodeOf(g, h, weight, gradients.GradientScale, gradients.HessianScale);
        return root;
    }

    static SplitNode NodeOf(long gradient, long hessian, double weight, double gradientScale, double hessianScale) => new()
    {
        Gradient = gradient, Hessian = hessian, Weight = weight, GradientScale = gradientScale, HessianScale = hessianScale,
        Low = double.NegativeInfinity, High = double.PositiveInfinity, Seed = 0,
    };

    /// <summary>The level's question: the column with the best noisy score, and its best cut.</summary>
    Split FindSplit(List<OpenLeaf> open, int[] allowed, double noise, RandomSource random)
    {
        int[] columns = Draw(allowed, random);
        var leaves = open.FindAll(leaf => leaf.Count >= 2 && leaf.Node.Weight >= 2 * rules.MinDataInLeaf);
        if (leaves.Count == 0) return Split.None;
        int bins = 0;
        foreach (int column in columns) bins += rows.Columns[column].Bins;
        // Small levels are one chunk: a join of threads would cost more than the scan.
        int chunk = Math.Max(4, (int)((long)columns.Length * ChunkBins / Math.Max(1, (long)bins * leaves.Count)));
        workers.ForChunks(columns.Length, chunk, (_, start, end) =>
        {
            var level = new LevelCuts.Leaf[leaves.Count];
            for (int i = start; i < end; i++)
            {
                for (int l = 0; l < level.Length; l++) level[l] = LeafOf(leaves[l], columns[i]);
                found[columns[i]] = LevelCuts.Find(rules, level, rows.Columns[columns[i]], columns[i]);
            }
        });
        double before = 0, best = double.NegativeInfinity;
        foreach (var leaf in open) before += rules.LeafGain(leaf.Node.G, leaf.Node.H, rules.LambdaL2);
        var chosen = Split.None;
        foreach (int column in columns)
        {
            double draw = noise > 0 ? noise * random.NextGaussian() : 0;
            if (!found[column].Exists) continue;
            double score = Math.Sqrt(Math.Max(0, before + found[column].Gain)) + draw;
            if (score > best) (best, chosen) = (score, found[column]);
        }
        return chosen;
    }

    LevelCuts.Leaf LeafOf(OpenLeaf leaf, int column) => new() { Sums = histograms.Column(leaf.Histogram, column), Node = leaf.Node };

    int[] Draw(int[] allowed, RandomSource random)
    {
        if (rules.FeatureFraction >= 1) return allowed;
        int count = Math.Clamp((int)Math.Ceiling(rules.FeatureFraction * allowed.Length), 1, allowed.Length);
        return [.. random.Choose(allowed.Length, count).Select(at => allowed[at])];
    }

    List<OpenLeaf> CutAll(GrownTree tree, List<OpenLeaf> open, in Split split, bool last)
    {
        var next = new List<OpenLeaf>(2 * open.Count);
        var column = rows.Columns[split.Column];
        ulong[] leftSet = split.LeftSet(column);
        foreach (var leaf in open)
        {
            if (!LevelCuts.Cuts(rules, LeafOf(leaf, split.Column), column, split, out long g, out long h))
            {
                next.Add(leaf);
                continue;
            }
            int leftCount = Partition.Cut(leaf.Start, leaf.Count, rows.Bins(split.Column), leftSet, weights, out double leftWeight), number = tree.Nodes.Count;
            Attach(tree, leaf, number);
            tree.Nodes.Add(new GrownNode { Column = split.Column, Bin = split.Bin, MissingLeft = split.MissingLeft, LeftSet = leftSet, Weight = leaf.Node.Weight });
            var node = leaf.Node;
            var left = new OpenLeaf { Start = leaf.Start, Count = leftCount, Parent = number, IsLeft = true, Node = NodeOf(g, h, leftWeight, node.GradientScale, node.HessianScale) };
            var right = new OpenLeaf
            {
                Start = leaf.Start + leftCount, Count = leaf.Count - leftCount, Parent = number,
                Node = NodeOf(node.Gradient - g, node.Hessian - h, node.Weight - leftWeight, node.GradientScale, node.HessianScale),
            };
            if (last) histograms.Return(leaf.Histogram);
            else
            {
                var (small, large) = left.Count <= right.Count ? (left, right) : (right, left);
                small.Histogram = histograms.Build(Partition.Positions + small.Start, small.Count);
                large.Histogram = histograms.Subtract(leaf.Histogram, small.Histogram);
            }
            leaf.Histogram = null;
            next.Add(left);
            next.Add(right);
        }
        return next;
    }

    static void Attach(GrownTree tree, OpenLeaf leaf, int child)
    {
        if (leaf.Parent < 0) return;
        if (leaf.IsLeft) tree.Nodes[leaf.Parent].Left = child;
        else tree.Nodes[leaf.Parent].Right = child;
    }

    /// <summary>A leaf that may still be cut.</summary>
    sealed class OpenLeaf
    {
        public required int Start;
        public required int Count;
        public required int Parent;
        public bool IsLeft;
        public SplitNode Node;
        public long* Histogram;
    }
}
