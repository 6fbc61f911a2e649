using Tilth.Learners.Losses;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>First and second derivatives of the rows' losses at their scores: a column an output, numbered by position.</summary>
internal sealed class BoostedGradients(IBoostingLoss loss, BoostedRows rows, WorkerPool workers)
{
    const int Chunk = 4096, BlockNumbers = 2048;

    public float[][] First { get; } = Columns(loss.Outputs, rows.Count);

    public float[][] Second { get; } = Columns(loss.Outputs, rows.Count);

    /// <summary>The largest of an output.</summary>
    public GradientExtremes[] Largest { get; } = new GradientExtremes[loss.Outputs];

    /// <summary>Computes all anew.</summary>
    public void Compute()
    {
        int outputs = loss.Outputs;
        var found = new GradientExtremes[(rows.Count + Chunk - 1) / Chunk * outputs];
        workers.ForChunks(rows.Count, Chunk, (chunk, first, end) =>
        {
            ComputeChunk(first, end);
            var weights = rows.Weights is null ? default : rows.Weights.AsSpan(first, end - first);
            for (int k = 0; k < outputs; k++)
                found[chunk * outputs + k] = GradientExtremes.Of(First[k].AsSpan(first, end - first), Second[k].AsSpan(first, end - first), weights);
        });
        Largest.AsSpan().Clear();
        for (int at = 0; at < found.Length; at++) Largest[at % outputs] = Largest[at % outputs].With(found[at]);
    }

    void ComputeChunk(int first, int end)
    {
        int outputs = loss.Outputs, count = end - first;
        if (outputs == 1) loss.Gradients(rows.Scores.AsSpan(first, count), rows.Values.AsSpan(first, count), First[0].AsSpan(first, count), Second[0].AsSpan(first, count));
        else
        {
            // Few rows at a time: what is turned from rows into columns stays in the first cache, and off the large-object heap.
            int block = Math.Clamp(BlockNumbers / outputs, 1, count);
            var (g, h) = (new float[block * outputs], new float[block * outputs]);
            for (int from = first; from < end; from += block)
            {
                int length = Math.Min(block, end - from);
                loss.Gradients(rows.Scores.AsSpan(from * outputs, length * outputs), rows.Values.AsSpan(from, length), g.AsSpan(0, length * outputs), h.AsSpan(0, length * outputs));
                for (int k = 0; k < outputs; k++)
                    for (int i = 0; i < length; i++)
                        (First[k][from + i], Second[k][from + i]) = (g[i * outputs + k], h[i * outputs + k]);
            }
        }
    }

    static float[][] Columns(int outputs, int rows) => [.. Enumerable.Range(0, outputs).Select(_ => new float[rows])];
}
