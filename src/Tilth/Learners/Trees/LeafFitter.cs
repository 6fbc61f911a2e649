using Tilth.Learners.Losses;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Gives the leaves their values from the exact gradients of their rows (the packed ones only chose the cuts) and adds them
/// to the rows' scores. Rows are visited stretch by stretch and leaf by leaf within it: a leaf's rows lie scattered, but a
/// stretch's gradients and scores stay in the cache.
/// </summary>
internal sealed unsafe class LeafFitter(GrowthRules rules, double step, IBoostingLoss loss, BoostedRows rows, RowPartition partition, WorkerPool workers)
{
    const int Stretch = 16_384;

    /// <summary>What happens to the rows of one leaf in one stretch.</summary>
    delegate void Visit(int stretch, int leaf, ReadOnlySpan<int> positions);

    public void Fit(GrownTree tree, float[] gradients, float[] hessians, int output)
    {
        if (loss is ILeafRenewal renewal) workers.For(tree.Leaves.Count, at => SetValue(tree.Leaves[at], Renewed(renewal, tree.Leaves[at], output)));
        else SetNewton(tree, gradients, hessians);
        var scores = rows.Scores;
        int outputs = loss.Outputs;
        ForStretches(tree, (_, leaf, positions) =>
        {
            double value = tree.Leaves[leaf].Values[0];
            if (outputs == 1) foreach (int position in positions) scores[position] += value;
            else foreach (int position in positions) scores[position * outputs + output] += value;
        });
    }

    /// <summary>-G / (H + lambda) of each leaf; a stretch's sums are added in the order of stretches.</summary>
    void SetNewton(GrownTree tree, float[] gradients, float[] hessians)
    {
        int leaves = tree.Leaves.Count;
        var sums = new (double G, double H)[leaves * ((rows.Count + Stretch - 1) / Stretch)];
        ForStretches(tree, (stretch, leaf, positions) => sums[stretch * leaves + leaf] = Sum(positions, gradients, hessians, rows.Weights));
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            double g = 0, h = 0;
            for (int at = leaf; at < sums.Length; at += leaves) (g, h) = (g + sums[at].G, h + sums[at].H);
            SetValue(tree.Leaves[leaf], rules.LeafValue(g, h));
        }
    }

    void SetValue(GrownLeaf leaf, double value) => leaf.Values = [step * Math.Clamp(value, leaf.Low, leaf.High)];

    void ForStretches(GrownTree tree, Visit visit) => workers.ForChunks(rows.Count, Stretch, (stretch, first, end) =>
    {
        for (int at = 0; at < tree.Leaves.Count; at++)
        {
            var leaf = tree.Leaves[at];
            var positions = new ReadOnlySpan<int>(partition.Positions + leaf.Start, leaf.Count);
            if (rows.Count > Stretch) positions = positions[Place(positions, first)..Place(positions, end)];
            if (positions.Length > 0) visit(stretch, at, positions);
        }
    });

    /// <summary>How many of the ascending positions are below the given one.</summary>
    static int Place(ReadOnlySpan<int> positions, int below)
    {
        int at = positions.BinarySearch(below);
        return at < 0 ? ~at : at;
    }

    static (double G, double H) Sum(ReadOnlySpan<int> positions, float[] gradients, float[] hessians, double[]? weights)
    {
        double g = 0, h = 0;
        if (weights is null)
        {
            // Two chains of additions, so that they need not wait for each other.
            double otherG = 0, otherH = 0;
            int i = 1;
            for (; i < positions.Length; i += 2)
            {
                int a = positions[i - 1], b = positions[i];
                g += gradients[a];
                h += hessians[a];
                otherG += gradients[b];
                otherH += hessians[b];
            }
            if (i == positions.Length)
            {
                g += gradients[positions[i - 1]];
                h += hessians[positions[i - 1]];
            }
            g += otherG;
            h += otherH;
        }
        else
            foreach (int position in positions)
            {
                g += weights[position] * gradients[position];
                h += weights[position] * hessians[position];
            }
        return (g, h);
    }

    double Renewed(ILeafRenewal renewal, GrownLeaf leaf, int output)
    {
        var positions = new ReadOnlySpan<int>(partition.Positions + leaf.Start, leaf.Count);
        var residuals = new double[positions.Length];
        var weights = new double[positions.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            residuals[i] = rows.Values[positions[i]] - rows.Scores[positions[i] * loss.Outputs + output];
            weights[i] = rows.WeightsOrOnes[positions[i]];
        }
        return renewal.LeafValue(residuals, weights);
    }
}
