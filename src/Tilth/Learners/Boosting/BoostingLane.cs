using Tilth.Kernels;
using Tilth.Learners.Losses;
using Tilth.Learners.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Boosting;

/// <summary>
/// What one tree at a time is grown with: records that carry its gradients, histograms, the partition. The trees of a round's
/// outputs do not depend on each other; with a lane a thread they are grown side by side, without a join a node.
/// </summary>
internal sealed class BoostingLane(TrainingRows rows, BoostedRows learn, IBoostingLoss loss, GrowthRules rules, double step, WorkerPool workers) : IDisposable
{
    readonly GradientPack pack = new();
    readonly TreeGrower grower = new(rows, learn.Weights, rules, workers);

    public void Dispose()
    {
        grower.Dispose();
        rows.Dispose();
    }

    /// <summary>Grows a tree on the output's gradients and adds it to the scores of the rows that it was grown on.</summary>
    public GrownTree Grow(BoostedGradients gradients, int output, int[]? bag, RandomSource random)
    {
        pack.Prepare(gradients.First[output], gradients.Second[output], learn.Weights, gradients.Largest[output]);
        var tree = grower.Grow(pack, bag, random);
        new LeafFitter(rules, step, loss, learn, grower.Partition, workers).Fit(tree, gradients.First[output], gradients.Second[output], output);
        return tree;
    }
}
