using Tilth.Learners.Losses;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Gives the leaves their values from the exact gradients of their rows (the packed ones only chose the cuts) and adds them
/// to the rows' scores.
/// </summary>
internal sealed unsafe class LeafFitter(GrowthRules rules, double step, IBoostingLoss loss, BoostedRows rows, RowPartition partition, WorkerPool workers)
{
    const int ChunkRows = 8192;

    public void Fit(GrownTree tree, float[] gradients, float[] hessians, int output)
        => workers.ForChunks(tree.Leaves.Count, Math.Max(1, (int)((long)tree.Leaves.Count * ChunkRows / Math.Max(1, rows.Count))), (_, first, end) =>
        {
            for (int at = first; at < end; at++) FitLeaf(tree, at, gradients, hessians, output);
        });

    void FitLeaf(GrownTree tree, int at, float[] gradients, float[] hessians, int output)
    {
        var leaf = tree.Leaves[at];
        var positions = new ReadOnlySpan<int>(partition.Positions + leaf.Start, leaf.Count);
        double value = loss is ILeafRenewal renewal ? Renewed(renewal, positions, output) : Newton(positions, gradients, hessians);
        value = step * Math.Clamp(value, leaf.Low, leaf.High);
        leaf.Values = [value];
        foreach (int position in positions) rows.Scores[position * loss.Outputs + output] += value;
    }

    double Newton(ReadOnlySpan<int> positions, float[] gradients, float[] hessians)
    {
        double g = 0, h = 0;
        if (rows.Weights is { } weights)
            foreach (int position in positions)
            {
                g += weights[position] * gradients[position];
                h += weights[position] * hessians[position];
            }
        else
            foreach (int position in positions)
            {
                g += gradients[position];
                h += hessians[position];
            }
        return rules.LeafValue(g, h);
    }

    double Renewed(ILeafRenewal renewal, ReadOnlySpan<int> positions, int output)
    {
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
