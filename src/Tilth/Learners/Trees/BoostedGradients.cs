using Tilth.Learners.Losses;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>First and second derivatives of the rows' losses at their scores: a column an output, numbered by position.</summary>
internal sealed class BoostedGradients(IBoostingLoss loss, BoostedRows rows, WorkerPool workers)
{
    const int Chunk = 4096;

    public float[][] First { get; } = Columns(loss.Outputs, rows.Count);

    public float[][] Second { get; } = Columns(loss.Outputs, rows.Count);

    /// <summary>Computes both anew.</summary>
    public void Compute() => workers.ForChunks(rows.Count, Chunk, (_, first, end) =>
    {
        int outputs = loss.Outputs, count = end - first;
        var scores = rows.Scores.AsSpan(first * outputs, count * outputs);
        if (outputs == 1) loss.Gradients(scores, rows.Values.AsSpan(first, count), First[0].AsSpan(first, count), Second[0].AsSpan(first, count));
        else
        {
            var (g, h) = (new float[count * outputs], new float[count * outputs]);
            loss.Gradients(scores, rows.Values.AsSpan(first, count), g, h);
            for (int k = 0; k < outputs; k++)
                for (int i = 0; i < count; i++)
                    (First[k][first + i], Second[k][first + i]) = (g[i * outputs + k], h[i * outputs + k]);
        }
    });

    static float[][] Columns(int outputs, int rows) => [.. Enumerable.Range(0, outputs).Select(_ => new float[rows])];
}
