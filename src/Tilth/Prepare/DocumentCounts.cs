using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// In how many texts each term stands. Texts are cut chunk by chunk on all threads, their terms dealt out by the top bits
/// of their hash, and each share counted by itself, so no count depends on the threads. Above a size, terms seen once so
/// far are forgotten, which bounds the memory. Very many texts are thinned out evenly.
/// </summary>
internal sealed class DocumentCounts
{
    const int ShareBits = 4, Shares = 1 << ShareBits, ChunkRows = 256, WaveChunks = 32, MostTermsOfShare = 1 << 18;
    const int MostRows = 200_000;
    const long MostBytes = 64 << 20;

    readonly TermCounts[] shares = new TermCounts[Shares];

    DocumentCounts()
    {
        for (int share = 0; share < Shares; share++) shares[share] = new TermCounts();
    }

    /// <summary>Texts that were counted.</summary>
    public int Documents { get; private set; }

    /// <summary>Counts the terms of the named rows.</summary>
    /// <param name="column">The texts.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="form">How they are cut.</param>
    /// <param name="mask">Bits of a term's hash that tell it apart; all ones for a vocabulary.</param>
    /// <param name="context">Threads and cancellation.</param>
    public static DocumentCounts Of(TextColumn column, int[] rows, TermForm form, ulong mask, FitContext context)
    {
        var sample = Thin(column, rows);
        var counts = new DocumentCounts { Documents = sample.Length };
        var dealt = new List<ulong>[WaveChunks, Shares];
        for (int start = 0; start < sample.Length; start += ChunkRows * WaveChunks)
        {
            context.ThrowIfCancelled();
            int waveRows = Math.Min(ChunkRows * WaveChunks, sample.Length - start), waveStart = start;
            int chunks = (waveRows + ChunkRows - 1) / ChunkRows;
            context.Workers.ForChunks(waveRows, ChunkRows, (chunk, from, to) => Deal(column, sample.AsSpan(waveStart + from, to - from), form, mask, dealt, chunk));
            context.Workers.For(Shares, share => counts.Count(share, dealt, chunks));
        }
        return counts;
    }

    /// <summary>Terms in at least <paramref name="fewest"/> texts, the most frequent first, at most <paramref name="most"/>.</summary>
    public (ulong Term, int Count)[] Select(int fewest, int most)
        => [.. shares.SelectMany(share => share.Entries(fewest)).OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Term).Take(most)];

    void Count(int share, List<ulong>[,] dealt, int chunks)
    {
        for (int chunk = 0; chunk < chunks; chunk++)
            foreach (ulong term in dealt[chunk, share]) shares[share].Add(term);
        if (shares[share].Count > MostTermsOfShare) shares[share].ForgetSingles();
    }

    static void Deal(TextColumn column, ReadOnlySpan<int> rows, TermForm form, ulong mask, List<ulong>[,] dealt, int chunk)
    {
        for (int share = 0; share < Shares; share++) dealt[chunk, share] = [];
        var scratch = new TextScratch();
        foreach (int row in rows)
        {
            int count = form.Cut(column.GetUtf8(row), scratch);
            var terms = scratch.Terms.AsSpan(0, count);
            foreach (ref ulong term in terms) term &= mask;
            terms.Sort();
            for (int i = 0; i < terms.Length; i++)
                if (i == 0 || terms[i] != terms[i - 1]) dealt[chunk, (int)(StableHash.Mix(terms[i]) >> (64 - ShareBits))].Add(terms[i]);
        }
    }

    static int[] Thin(TextColumn column, int[] rows)
    {
        long bytes = 0;
        foreach (int row in rows) bytes += column.GetUtf8(row).Length;
        long step = Math.Max((rows.Length + MostRows - 1) / MostRows, (bytes + MostBytes - 1) / MostBytes);
        return step <= 1 ? rows : [.. Enumerable.Range(0, (int)((rows.Length + step - 1) / step)).Select(i => rows[i * step])];
    }
}

/// <summary>A counter a term: open addressing, growing.</summary>
internal sealed class TermCounts
{
    ulong[] terms = new ulong[1024];
    int[] counts = new int[1024];

    public int Count { get; private set; }

    public void Add(ulong term, int times = 1)
    {
        if (2 * Count >= terms.Length) Rebuild(terms.Length * 2, 1);
        int mask = terms.Length - 1, slot = (int)(StableHash.Mix(term) & (ulong)mask);
        while (counts[slot] != 0 && terms[slot] != term) slot = (slot + 1) & mask;
        if (counts[slot] == 0) Count++;
        terms[slot] = term;
        counts[slot] += times;
    }

    public void ForgetSingles() => Rebuild(terms.Length, 2);

    public IEnumerable<(ulong Term, int Count)> Entries(int fewest)
    {
        for (int slot = 0; slot < terms.Length; slot++)
            if (counts[slot] >= fewest) yield return (terms[slot], counts[slot]);
    }

    void Rebuild(int size, int fewest)
    {
        var (oldTerms, oldCounts) = (terms, counts);
        (terms, counts, Count) = (new ulong[size], new int[size], 0);
        for (int slot = 0; slot < oldTerms.Length; slot++)
            if (oldCounts[slot] >= fewest) Add(oldTerms[slot], oldCounts[slot]);
    }
}
