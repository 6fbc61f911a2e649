using Tilth.Kernels;

namespace Tilth.Data.Sources;

/// <summary>Cuts one delimited file into blocks of whole rows. Opened once; the bytes that were looked at come first.</summary>
internal sealed class BlockReader : IDisposable
{
    const int HeadBytes = 256 * 1024, LongestRow = 64 << 20;

    readonly SourceFile file;
    readonly Stream stream;
    readonly int blockBytes;
    byte[] carry = [];
    bool first = true, done;
    long lines;

    public BlockReader(SourceFile file, ReadOptions options, int mostBlockBytes = int.MaxValue)
    {
        this.file = file;
        var raw = file.Open();
        byte[] head = [];
        bool complete = false;
        for (int size = HeadBytes; !complete && head.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0; size *= 2)
        {
            if (size > LongestRow) throw new SourceException("long-row", $"the first row of {file.Name} is longer than {LongestRow >> 20} MB");
            int had = head.Length;
            Array.Resize(ref head, size);
            int read = file.Read(raw, head.AsSpan(had));
            complete = had + read < size;
            head = head[..(had + read)];
        }
        Format = DelimitedSniffer.Look(head, complete, options, file.Name);
        BytesPerRow = Math.Max(1, head.Length / Math.Max(1, head.AsSpan().Count(Format.Newline)));
        stream = new PeekedStream(head, raw);
        blockBytes = Math.Min(options.BlockBytes, mostBlockBytes);
    }

    public DelimitedFormat Format { get; }

    /// <summary>As seen in the head.</summary>
    public int BytesPerRow { get; }

    /// <summary>Fills blocks of the set in order; how many.</summary>
    public int Fill(Block[] set)
    {
        int filled = 0;
        while (filled < set.Length && Fill(set[filled])) filled++;
        return filled;
    }

    bool Fill(Block block)
    {
        if (done) return false;
        int have = carry.Length, room = Math.Max(blockBytes, have + 1);
        while (true)
        {
            int needed = Block.Start + room + 1 + SeparatorScan.BackPadding;
            if (block.Bytes.Length < needed)
            {
                byte[] larger = new byte[needed];
                block.Bytes.AsSpan(0, Math.Min(block.Bytes.Length, Block.Start + have)).CopyTo(larger);
                block.Bytes = larger;
            }
            if (carry.Length > 0) carry.CopyTo(block.Bytes, Block.Start);
            carry = [];
            int read = file.Read(stream, block.Bytes.AsSpan(Block.Start + have, room - have));
            have += read;
            done = have < room;
            int end = Block.Start + have;
            if (done && have > 0 && block.Bytes[end - 1] != Format.Newline) block.Bytes[end++] = Format.Newline;
            int cut = QuoteScan.LastRowEnd(block.Bytes.AsSpan(0, end), Block.Start, Format);
            if (cut > Block.Start || done)
            {
                if (done && cut < end) throw OpenQuote(block, cut);
                return Take(block, cut, end);
            }
            if (have > LongestRow) throw OpenQuote(block, cut);
            room *= 2;
        }
    }

    bool Take(Block block, int cut, int end)
    {
        carry = block.Bytes[cut..end];
        block.End = cut;
        block.SkipsHeader = first && Format.Header;
        first = false;
        lines += block.Bytes.AsSpan(Block.Start, cut - Block.Start).Count(Format.Newline);
        return cut > Block.Start;
    }

    SourceException OpenQuote(Block block, int from)
    {
        long line = lines + block.Bytes.AsSpan(Block.Start, from - Block.Start).Count(Format.Newline) + 1;
        return new SourceException("open-quote", $"{file.Name}, row from line {line} on: a quote ({(char)Format.Quote}) opens a cell and is not closed");
    }

    public void Dispose() => stream.Dispose();
}
