using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>The positions of a tree's rows, node after node; cutting a node keeps their order, so that it is always ascending.</summary>
internal sealed unsafe class RowPartition : IDisposable
{
    /// <summary>Left weights are summed by so many rows, whatever the threads.</summary>
    const int Chunk = 4096;

    const int StartChunk = 65_536;

    readonly WorkerPool workers;
    readonly NativeBuffer positions, scratch;
    readonly int[] leftCounts;
    readonly double[] leftWeights;

    public RowPartition(int capacity, WorkerPool workers)
    {
        this.workers = workers;
        (positions, scratch) = (new NativeBuffer((long)capacity * sizeof(int)), new NativeBuffer((long)capacity * sizeof(int)));
        leftCounts = new int[workers.Threads];
        leftWeights = new double[capacity / Chunk + 1];
    }

    public int* Positions => (int*)positions.Pointer;

    public void Dispose()
    {
        positions.Dispose();
        scratch.Dispose();
    }

    /// <summary>Starts with positions 0 to count - 1, or with the listed ones.</summary>
    public void Start(int count, int[]? listed) => workers.ForChunks(count, StartChunk, (_, first, end) =>
    {
        if (listed is not null) listed.AsSpan(first, end - first).CopyTo(new Span<int>(Positions + first, end - first));
        else for (int i = first; i < end; i++) Positions[i] = i;
    });

    /// <summary>
    /// Moves the rows whose bin is in the left set to the front and says how many they are and what they weigh; bins and
    /// weights are by position, and without weights each row counts 1.
    /// </summary>
    public int Cut(int start, int count, byte* bins, ulong[] leftSet, double[]? weights, out double leftWeight)
    {
        int chunks = (count + Chunk - 1) / Chunk, parts = Math.Clamp(chunks, 1, workers.Threads);
        var (list, beside, binsAt) = ((nint)(Positions + start), (nint)((int*)scratch.Pointer + start), (nint)bins);
        workers.For(parts, part => leftCounts[part] = CutPart((int*)list, (int*)beside, (FirstOf(part), FirstOf(part + 1)), (byte*)binsAt, leftSet, weights));
        int left = leftCounts[0];
        for (int part = 1; part < parts; part++)
        {
            new Span<int>((int*)list + FirstOf(part), leftCounts[part]).CopyTo(new Span<int>((int*)list + left, leftCounts[part]));
            left += leftCounts[part];
        }
        workers.For(parts, part =>
        {
            int to = left, first = FirstOf(part);
            for (int before = 0; before < part; before++) to += FirstOf(before + 1) - FirstOf(before) - leftCounts[before];
            int rights = FirstOf(part + 1) - first - leftCounts[part];
            new Span<int>((int*)beside + first, rights).CopyTo(new Span<int>((int*)list + to, rights));
        });
        leftWeight = left;
        if (weights is not null)
        {
            leftWeight = 0;
            for (int chunk = 0; chunk < chunks; chunk++) leftWeight += leftWeights[chunk];
        }
        return left;

        int FirstOf(int part) => (int)Math.Min(count, (long)chunks * part / parts * Chunk);
    }

    /// <summary>Left rows to the part's front in place, right rows beside it.</summary>
    int CutPart(int* list, int* beside, (int First, int End) part, byte* bins, ulong[] leftSet, double[]? weights)
    {
        byte* goes = stackalloc byte[256];
        for (int bin = 0; bin < 256; bin++) goes[bin] = (byte)(leftSet[bin >> 6] >> bin & 1);
        int left = 0;
        for (int at = part.First; at < part.End; at += Chunk)
        {
            int* front = list + part.First + left;
            int own = PartitionKernel.Cut(list + at, front, beside + at - left, Math.Min(Chunk, part.End - at), bins, goes);
            left += own;
            if (weights is null) continue;
            double weight = 0;
            for (int i = 0; i < own; i++) weight += weights[front[i]];
            leftWeights[at / Chunk] = weight;
        }
        return left;
    }
}
