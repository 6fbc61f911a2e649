namespace Tilth.Data.Sources;

/// <summary>A stream that can only be read, over another one.</summary>
internal abstract class ReadingStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Gives back bytes that were read ahead, then the rest of a stream.</summary>
internal sealed class PeekedStream(byte[] head, Stream rest) : ReadingStream
{
    int given;

    public override int Read(Span<byte> buffer)
    {
        if (given == head.Length) return rest.Read(buffer);
        int count = Math.Min(buffer.Length, head.Length - given);
        head.AsSpan(given, count).CopyTo(buffer);
        given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        // The standard input's temporary file is opened again for a second pass, and its owner closes it.
        if (disposing && rest is not FileStream { CanWrite: true }) rest.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>
/// Notices a gzip file that was cut off, which <see cref="System.IO.Compression.GZipStream"/> takes for its end: the last four
/// bytes then state, but for a small chance, more bytes than came. (Where several files were joined they state less.)
/// </summary>
internal sealed class InflatedStream(Stream inflated, uint stated) : ReadingStream
{
    long given;

    public override int Read(Span<byte> buffer)
    {
        int count = inflated.Read(buffer);
        given += count;
        if (count == 0 && buffer.Length > 0 && given < stated) throw new InvalidDataException("the compressed data end early");
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inflated.Dispose();
        base.Dispose(disposing);
    }
}
