using System.Collections.Concurrent;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners.Trees;
using Tilth.Models;
using Tilth.Models.Trees;

namespace Tilth.Learners.Forests;

/// <summary>One fit of a forest: trees in parallel, each from its own child seed, so that threads change nothing.</summary>
internal sealed class ForestRun
{
    readonly Forest rules;
    readonly FitContext context;
    readonly BinnedMatrix matrix;
    readonly ForestTarget target;
    readonly LeafScale scale;
    readonly long[]? outSums;
    readonly int[]? outCounts;
    int done;

    public ForestRun(Forest rules, TrainingSet data, FitContext context, bool outOfBag)
    {
        (this.rules, this.context) = (rules, context);
        context.ThrowIfCancelled();
        TreeTarget.Check(data);
        matrix = data.Bins.Of(data, context.Workers);
        target = new ForestTarget(data, TreeTarget.Present(data, data.Rows));
        scale = new LeafScale(target.Largest);
        if (!outOfBag) return;
        outSums = new long[(long)matrix.RowCount * target.Outputs];
        outCounts = new int[matrix.RowCount];
    }

    public TreeEnsemble Fit()
    {
        var trees = new Tree?[rules.NEstimators];
        var random = context.NewRandom();
        var growers = new ConcurrentBag<ForestTreeGrower>();
        try
        {
            context.Workers.For(trees.Length, at =>
            {
                context.ThrowIfCancelled();
                // The first tree is always grown: a forest has at least one.
                if (at > 0 && context.ShouldFinish) return;
                if (!growers.TryTake(out var grower)) grower = new ForestTreeGrower(matrix, target, rules);
                var tree = grower.Grow(random.Child(at));
                if (outSums is not null) AddOutOfBag(tree, grower);
                trees[at] = tree.ToTree(matrix.Columns, 0, scale);
                growers.Add(grower);
                context.Progress?.Report(new FitProgress("growing trees", Interlocked.Increment(ref done), trees.Length));
            });
        }
        finally
        {
            foreach (var grower in growers) grower.Dispose();
        }
        return new TreeEnsemble([.. trees.OfType<Tree>()], new long[target.Outputs], scale.Exponent, mean: true, Link.Identity);
    }

    /// <summary>What the trees that did not see a row say of it on average, rows x outputs; NaN where every tree saw the row.</summary>
    public double[] OutOfBag()
    {
        var predictions = new double[outSums!.Length];
        double unit = Elementary.PowerOfTwo(scale.Exponent);
        for (int at = 0; at < predictions.Length; at++)
        {
            int trees = outCounts![at / target.Outputs];
            predictions[at] = trees > 0 ? outSums[at] * unit / trees : double.NaN;
        }
        return predictions;
    }

    void AddOutOfBag(GrownTree tree, ForestTreeGrower grower)
    {
        foreach (int row in target.Rows)
        {
            if (grower.Used(row)) continue;
            double[] values = tree.Leaves[tree.FindLeaf(matrix, row, tree.Root)].Values;
            Interlocked.Increment(ref outCounts![row]);
            for (int k = 0; k < values.Length; k++) Interlocked.Add(ref outSums![(long)row * values.Length + k], scale.Round(values[k]));
        }
    }
}
