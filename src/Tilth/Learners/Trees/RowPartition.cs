using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>The positions of a tree's rows, node after node; cutting a node keeps their order, so that it is always ascending.</summary>
internal sealed unsafe class RowPartition : IDisposable
{
    const int Chunk = 16_384;

    readonly WorkerPool workers;
    readonly NativeBuffer positions, scratch;
    readonly int[] leftCounts;
    readonly double[] leftWeights;

    public RowPartition(int capacity, WorkerPool workers)
    {
        this.workers = workers;
        (positions, scratch) = (new NativeBuffer((long)capacity * sizeof(int)), new NativeBuffer((long)capacity * sizeof(int)));
        leftCounts = new int[capacity / Chunk + 1];
        leftWeights = new double[leftCounts.Length];
    }

    public int* Positions => (int*)positions.Pointer;

    public void Dispose()
    {
        positions.Dispose();
        scratch.Dispose();
    }

    /// <summary>Starts with positions 0 to count - 1, or with the listed ones.</summary>
    public void Start(int count, int[]? listed)
    {
        if (listed is not null) listed.AsSpan(0, count).CopyTo(new Span<int>(Positions, count));
        else for (int i = 0; i < count; i++) Positions[i] = i;
    }

    /// <summary>
    /// Moves the rows whose bin is in the left set to the front and says how many they are and what they weigh; bins and
    /// weights are by position, and without weights each row counts 1.
    /// </summary>
    public int Cut(int start, int count, byte* bins, ulong[] leftSet, double[]? weights, out double leftWeight)
    {
        int* from = Positions + start, beside = (int*)scratch.Pointer + start;
        int chunks = (count + Chunk - 1) / Chunk;
        var (list, spare, binsAt) = ((nint)from, (nint)beside, (nint)bins);
        workers.ForChunks(count, Chunk, (chunk, first, end) =>
            leftCounts[chunk] = CutChunk((int*)list + first, (int*)spare + first, end - first, (byte*)binsAt, leftSet, weights, out leftWeights[chunk]));
        leftWeight = 0;
        int left = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            leftWeight += leftWeights[chunk];
            left += leftCounts[chunk];
        }
        if (weights is null) leftWeight = left;
        if (chunks == 1)
        {
            new Span<int>(beside, count - left).CopyTo(new Span<int>(from + left, count - left));
            return left;
        }
        Join(from, beside, count, left);
        return left;
    }

    /// <summary>Left rows to the chunk's front in place, right rows beside it; both without a branch.</summary>
    static int CutChunk(int* rows, int* right, int count, byte* bins, ulong[] leftSet, double[]? weights, out double leftWeight)
    {
        byte* goes = stackalloc byte[256];
        for (int bin = 0; bin < 256; bin++) goes[bin] = (byte)(leftSet[bin >> 6] >> bin & 1);
        int left = PartitionKernel.Cut(rows, right, count, bins, goes);
        leftWeight = 0;
        if (weights is not null)
            for (int i = 0; i < left; i++) leftWeight += weights[rows[i]];
        return left;
    }

    /// <summary>Every chunk has its left rows in front: bring all of them to the front, in chunk order.</summary>
    void Join(int* from, int* beside, int count, int left)
    {
        int chunks = (count + Chunk - 1) / Chunk, at = leftCounts[0];
        for (int chunk = 1; chunk < chunks; chunk++)
        {
            new Span<int>(from + chunk * Chunk, leftCounts[chunk]).CopyTo(new Span<int>(from + at, leftCounts[chunk]));
            at += leftCounts[chunk];
        }
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int size = Math.Min(Chunk, count - chunk * Chunk) - leftCounts[chunk];
            new Span<int>(beside + chunk * Chunk, size).CopyTo(new Span<int>(from + at, size));
            at += size;
        }
    }
}
