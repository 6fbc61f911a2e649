using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tilth.Data.Sources;

/// <summary>
/// One file or the standard input, as a stream of bytes that are decompressed, free of a byte order mark and, where they were
/// UTF-16, transcoded to UTF-8. It can be opened more than once; the standard input is kept in a temporary file for that.
/// </summary>
internal sealed class SourceFile : IDisposable
{
    const int HeadBytes = 64 * 1024;

    readonly Encoding? encoding;
    readonly Stream? spool;
    Stream? opened;

    /// <summary>Checks that the path can be read; with <paramref name="once"/> the standard input is not kept.</summary>
    public SourceFile(string path, Encoding? encoding, bool once = false)
    {
        (Path, this.encoding) = (path, encoding);
        if (path == "-")
        {
            spool = Console.OpenStandardInput();
            if (!once) spool = Spool(spool);
            return;
        }
        if (Directory.Exists(path)) throw new SourceException("folder", $"'{path}' is a folder; name the files in it");
        if (!File.Exists(path)) throw new SourceException("no-file", NoFile(path));
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>For a sentence.</summary>
    public string Name => Path == "-" ? "the standard input" : $"'{Path}'";

    /// <summary>The name without folder and ".gz", in lower case.</summary>
    public string PlainName
    {
        get
        {
            string name = System.IO.Path.GetFileName(Path).ToLowerInvariant();
            return name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        }
    }

    /// <summary>How the text is encoded, known once it was opened.</summary>
    public string EncodingName { get; private set; } = "UTF-8";

    /// <summary>About how many bytes the text has, or 0.</summary>
    public long Length { get; private set; }

    /// <summary>A fresh stream over the text.</summary>
    public Stream Open()
    {
        if (opened is { } peeked)
        {
            opened = null;
            return peeked;
        }
        try
        {
            Stream raw = spool ?? new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
            if (raw.CanSeek)
            {
                raw.Position = 0;
                Length = raw.Length;
            }
            return Decode(raw);
        }
        catch (UnauthorizedAccessException e) { throw new SourceException("no-access", $"{Name} may not be read: {e.Message}", e); }
        catch (IOException e) { throw new SourceException("unreadable", $"{Name} cannot be read: {e.Message}", e); }
        catch (InvalidDataException e) { throw Damaged(e); }
    }

    /// <summary>The first byte that is not a blank, or 0. What was read is given again by <see cref="Open"/>.</summary>
    public byte FirstByte()
    {
        opened = Open();
        var head = new byte[256];
        head = head[..Read(opened, head)];
        opened = new PeekedStream(head, opened);
        int at = head.AsSpan().IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? (byte)0 : head[at];
    }

    /// <summary>Fills as much of the buffer as there is; translates what can go wrong.</summary>
    public int Read(Stream stream, Span<byte> buffer)
    {
        try { return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false); }
        catch (InvalidDataException e) { throw Damaged(e); }
        catch (IOException e) { throw new SourceException("unreadable", $"{Name} cannot be read: {e.Message}", e); }
    }

    public void Dispose()
    {
        opened?.Dispose();
        spool?.Dispose();
    }

    Stream Decode(Stream raw)
    {
        var (head, stream) = Peek(raw);
        if (head is [0x1F, 0x8B, ..])
        {
            uint size = raw.CanSeek ? StatedSize((FileStream)raw, head.Length) : 0;
            Length *= 4;
            (head, stream) = Peek(new InflatedStream(new GZipStream(stream, CompressionMode.Decompress), size));
        }
        if (head.Length == 0) throw new SourceException("empty", $"{Name} is empty");
        if (encoding is not null && encoding is not UTF8Encoding) return Transcode(stream, encoding);
        if (head is [0xEF, 0xBB, 0xBF, ..])
        {
            stream.ReadExactly(stackalloc byte[3]);
            return stream;
        }
        if (head is [0xFF, 0xFE, ..] || LooksLikeUtf16(head, odd: 1)) return Transcode(stream, Encoding.Unicode);
        if (head is [0xFE, 0xFF, ..] || LooksLikeUtf16(head, odd: 0)) return Transcode(stream, Encoding.BigEndianUnicode);
        if (head.AsSpan().Contains((byte)0)) throw new SourceException("binary", $"{Name} is {BinaryKind(head)}, not text; give CSV, TSV or JSON");
        if (head is [(byte)'P', (byte)'K', 3, 4, ..] || head.AsSpan().StartsWith("%PDF-"u8))
            throw new SourceException("binary", $"{Name} is {BinaryKind(head)}, not text; give CSV, TSV or JSON");
        return stream;
    }

    /// <summary>The size that gzip's last four bytes state, modulo 2^32.</summary>
    static uint StatedSize(FileStream file, long resumeAt)
    {
        Span<byte> last = stackalloc byte[4];
        if (file.Length < 4) return 0;
        file.Position = file.Length - 4;
        file.ReadExactly(last);
        file.Position = resumeAt;
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }

    Stream Transcode(Stream stream, Encoding from)
    {
        EncodingName = from.WebName;
        var (head, text) = Peek(Encoding.CreateTranscodingStream(stream, from, new UTF8Encoding(false)));
        if (head is [0xEF, 0xBB, 0xBF, ..]) text.ReadExactly(stackalloc byte[3]);
        return text;
    }

    static (byte[] Head, Stream Stream) Peek(Stream stream)
    {
        var head = new byte[HeadBytes];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return (head, new PeekedStream(head, stream));
    }

    static bool LooksLikeUtf16(ReadOnlySpan<byte> head, int odd)
    {
        int pairs = Math.Min(head.Length / 2, 1000), zeros = 0;
        if (pairs < 2) return false;
        for (int i = 0; i < pairs; i++)
        {
            if (head[2 * i + odd] == 0) zeros++;
            if (head[2 * i + 1 - odd] == 0) return false;
        }
        return zeros * 10 > pairs * 7;
    }

    static string BinaryKind(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'P', (byte)'K', ..] => "a zip archive or an Excel workbook",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
        _ => "a binary file",
    };

    static string NoFile(string path)
    {
        string? folder = System.IO.Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder)) folder = ".";
        if (!Directory.Exists(folder)) return $"no file '{path}': there is no folder '{folder}'";
        var names = Directory.EnumerateFiles(folder).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal).Take(10_000);
        string? near = Spelling.Nearest(System.IO.Path.GetFileName(path), names);
        return near is null ? $"no file '{path}'" : $"no file '{path}'; did you mean '{near}'?";
    }

    SourceException Damaged(Exception e) => new("damaged", $"{Name} is damaged: its compressed data end early or do not decode", e);

    static FileStream Spool(Stream input)
    {
        var file = new FileStream(System.IO.Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        input.CopyTo(file);
        return file;
    }
}
