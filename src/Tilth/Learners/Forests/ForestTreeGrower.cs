using Tilth.Kernels;
using Tilth.Learners.Trees;

namespace Tilth.Learners.Forests;

/// <summary>
/// Grows one deep tree (Breiman, 2001; with random thresholds Geurts, Ernst and Wehenkel, 2006). Each node looks at a few
/// random features; a histogram costs as much as the node has rows, as only the bins that some row has are visited and
/// cleared. Cuts maximise the sum over sides of (sum of targets)^2 / weight, which is Gini and variance reduction alike.
/// </summary>
internal sealed unsafe class ForestTreeGrower : IDisposable
{
    readonly BinnedMatrix matrix;
    readonly ForestTarget target;
    readonly Forest rules;
    readonly int[] features, weights;
    readonly NativeBuffer rows, right, nodeWeights, nodeValues;
    readonly BinScan scan;
    readonly int featuresPerNode;

    public ForestTreeGrower(BinnedMatrix matrix, ForestTarget target, Forest rules)
    {
        (this.matrix, this.target, this.rules) = (matrix, target, rules);
        features = [.. Enumerable.Range(0, matrix.Columns.Length)];
        weights = new int[matrix.RowCount];
        long bytes = (long)target.Rows.Length * sizeof(int);
        (rows, right, nodeWeights, nodeValues) = (new NativeBuffer(bytes), new NativeBuffer(bytes), new NativeBuffer(bytes), new NativeBuffer(bytes));
        scan = new BinScan(target, rules);
        featuresPerNode = rules.MaxFeatures > 0 ? Math.Max(1, (int)(rules.MaxFeatures * features.Length))
            : target.Task == Data.TaskKind.Regression ? features.Length : Math.Max(1, (int)Math.Sqrt(features.Length));
    }

    public void Dispose()
    {
        foreach (var buffer in (NativeBuffer[])[rows, right, nodeWeights, nodeValues]) buffer.Dispose();
        scan.Dispose();
    }

    /// <summary>Whether the last tree learned from a row.</summary>
    public bool Used(int row) => weights[row] > 0;

    public GrownTree Grow(RandomSource random)
    {
        // The order of features is shuffled in place: each tree starts from the same, whoever grew the one before.
        for (int i = 0; i < features.Length; i++) features[i] = i;
        int count = Draw(random);
        var tree = new GrownTree();
        var open = new Stack<OpenNode>();
        open.Push(new(0, count, 0, -1, false));
        while (open.TryPop(out var node))
        {
            Gather(node);
            int number = ~tree.Leaves.Count;
            if (FindCut(node, random) is { Exists: true } cut) number = Cut(tree, open, node, cut);
            else tree.Leaves.Add(Leaf(node));
            if (node.Parent >= 0)
            {
                if (node.IsLeft) tree.Nodes[node.Parent].Left = number;
                else tree.Nodes[node.Parent].Right = number;
            }
        }
        GC.KeepAlive(matrix);
        return tree;
    }

    /// <summary>The rows of the tree, ascending: as often as they were drawn with replacement, or all once.</summary>
    int Draw(RandomSource random)
    {
        int[] all = target.Rows;
        int draws = Math.Max(1, (int)(rules.MaxSamples * all.Length));
        weights.AsSpan().Clear();
        if (rules.Bootstrap)
            for (int i = 0; i < draws; i++) weights[all[random.NextInt(all.Length)]]++;
        else
            foreach (int at in draws < all.Length ? random.Choose(all.Length, draws) : Enumerable.Range(0, all.Length)) weights[all[at]] = 1;
        int count = 0;
        foreach (int row in all)
            if (weights[row] > 0)
            {
                ((int*)rows.Pointer)[count++] = row;
                weights[row] *= target.Weights[row];
            }
        return count;
    }

    /// <summary>Weights and values of the node's rows, next to each other.</summary>
    void Gather(in OpenNode node)
    {
        int* list = (int*)rows.Pointer + node.Start, w = (int*)nodeWeights.Pointer, v = (int*)nodeValues.Pointer;
        for (int i = 0; i < node.Count; i++)
        {
            w[i] = weights[list[i]];
            v[i] = target.Values[list[i]];
        }
        scan.SetNode(w, v, node.Count);
    }

    Split FindCut(in OpenNode node, RandomSource random)
    {
        var best = Split.None;
        if (scan.IsPure || node.Count < 2 || scan.Weight < rules.MinSamplesSplit || (rules.MaxDepth > 0 && node.Depth >= rules.MaxDepth)) return best;
        int looked = 0;
        for (int i = 0; i < features.Length && looked < featuresPerNode; i++)
        {
            int at = i + random.NextInt(features.Length - i);
            (features[i], features[at]) = (features[at], features[i]);
            // A feature that is constant in the node does not count as one that was looked at, as in scikit-learn.
            if (scan.Fill(matrix.Columns[features[i]], matrix.Bins(features[i]), (int*)rows.Pointer + node.Start) < 2) continue;
            looked++;
            scan.Find(features[i], random, ref best);
        }
        return best;
    }

    int Cut(GrownTree tree, Stack<OpenNode> open, in OpenNode node, in Split cut)
    {
        ulong[] leftSet = cut.LeftSet(matrix.Columns[cut.Column]);
        byte* goes = stackalloc byte[256];
        for (int bin = 0; bin < 256; bin++) goes[bin] = (byte)(leftSet[bin >> 6] >> bin & 1);
        int* list = (int*)rows.Pointer + node.Start;
        int left = PartitionKernel.Cut(list, list, (int*)right.Pointer, node.Count, matrix.Bins(cut.Column), goes);
        new Span<int>((int*)right.Pointer, node.Count - left).CopyTo(new Span<int>(list + left, node.Count - left));
        int number = tree.Nodes.Count;
        tree.Nodes.Add(new GrownNode { Column = cut.Column, Bin = cut.Bin, MissingLeft = cut.MissingLeft, LeftSet = leftSet, Weight = scan.Weight });
        open.Push(new(node.Start + left, node.Count - left, node.Depth + 1, number, false));
        open.Push(new(node.Start, left, node.Depth + 1, number, true));
        return number;
    }

    GrownLeaf Leaf(in OpenNode node)
    {
        var leaf = new GrownLeaf { Start = node.Start, Count = node.Count, Weight = scan.Weight };
        leaf.Values = target.Task == Data.TaskKind.Regression ? [ExactMean(node)] : scan.ClassShares();
        return leaf;
    }

    double ExactMean(in OpenNode node)
    {
        int* list = (int*)rows.Pointer + node.Start;
        double sum = 0, weight = 0;
        for (int i = 0; i < node.Count; i++)
        {
            sum += weights[list[i]] * target.Exact[list[i]];
            weight += weights[list[i]];
        }
        return sum / weight;
    }

    readonly record struct OpenNode(int Start, int Count, int Depth, int Parent, bool IsLeft);
}
