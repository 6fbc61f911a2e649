using Tilth.Data;
using Tilth.Learners.Losses;
using Tilth.Models.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>Rows with their targets, weights and scores so far; numbered by position.</summary>
internal sealed class BoostedRows
{
    const int Chunk = TreeRoutes.Block;

    readonly int[] rows;
    readonly int outputs;

    public BoostedRows(TrainingSet data, int[] rows, int outputs)
    {
        (this.rows, this.outputs) = (rows, outputs);
        Values = data.Target.Take(rows).Values;
        Weights = TreeTarget.WeightsOf(data, rows);
        WeightsOrOnes = Weights ?? Ones(rows.Length);
        foreach (double weight in WeightsOrOnes) TotalWeight += weight;
        Scores = new double[(long)rows.Length * outputs];
    }

    /// <summary>The matrix row of each position.</summary>
    public int[] Rows => rows;

    public int Count => rows.Length;

    public double[] Values { get; }

    /// <summary>Null if every row counts 1.</summary>
    public double[]? Weights { get; }

    public double[] WeightsOrOnes { get; }

    public double TotalWeight { get; }

    /// <summary>Row by row.</summary>
    public double[] Scores { get; }

    public void Fill(ReadOnlySpan<double> bases)
    {
        for (int at = 0; at < Scores.Length; at += outputs) bases.CopyTo(Scores.AsSpan(at, outputs));
    }

    public void Fill(TreeEnsemble model, FeatureMatrix features, WorkerPool workers)
        => workers.ForChunks(Count, Chunk, (_, first, end) =>
        {
            var dense = new float[features.Map.Dense.Count];
            var codes = new int[features.Map.Categories.Count];
            for (int i = first; i < end; i++) model.ScoreRow(features.GetRow(rows[i], dense, codes), Scores.AsSpan(i * outputs, outputs));
        });

    /// <summary>The weighted mean of the rows' losses.</summary>
    public double MeanLoss(IBoostingLoss loss, WorkerPool workers)
    {
        var sums = new double[(Count + Chunk - 1) / Chunk];
        workers.ForChunks(Count, Chunk, (chunk, first, end) => sums[chunk] = loss.Total(
            Scores.AsSpan(first * outputs, (end - first) * outputs), Values.AsSpan(first, end - first), WeightsOrOnes.AsSpan(first, end - first)));
        double total = 0;
        foreach (double sum in sums) total += sum;
        return total / TotalWeight;
    }

    /// <summary>Adds a tree to the score of every row, or of those outside the bag that it was grown on.</summary>
    public void Add(GrownTree tree, BinnedMatrix matrix, int output, WorkerPool workers, int[]? bag = null)
        => workers.ForChunks(Count, Chunk, (_, first, end) =>
        {
            Span<int> positions = stackalloc int[Chunk], rowOf = stackalloc int[Chunk], leaves = stackalloc int[Chunk];
            int count = Outside(bag ?? [], first, end, positions);
            for (int i = 0; i < count; i++) rowOf[i] = rows[positions[i]];
            TreeRoutes.Leaves(tree, matrix, rowOf[..count], leaves);
            for (int i = 0; i < count; i++) Scores[positions[i] * outputs + output] += tree.Leaves[leaves[i]].Values[0];
        });

    static int Outside(int[] bag, int first, int end, Span<int> positions)
    {
        int at = Array.BinarySearch(bag, first), count = 0;
        if (at < 0) at = ~at;
        for (int i = first; i < end; i++)
        {
            if (at < bag.Length && bag[at] == i) at++;
            else positions[count++] = i;
        }
        return count;
    }

    static double[] Ones(int count)
    {
        var ones = new double[count];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
