using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tilth.Packaging;

namespace Tilth.Search;

/// <summary>
/// JSON records, append-only: one a line behind its CRC-32, each on the disk before the next begins. A line that a crash tore is
/// passed over and written over; a line that is damaged before the last is refused.
/// </summary>
internal sealed class RecordFile : IDisposable
{
    const int SumLength = 8;

    readonly FileStream? file;

    RecordFile(FileStream? file) => this.file = file;

    /// <summary>Whether records are kept.</summary>
    public bool IsOpen => file is not null;

    /// <summary>Opens or begins a file; without a path nothing is kept.</summary>
    /// <param name="path">Its place, or null.</param>
    /// <param name="whole">Bytes of whole records, from <see cref="Read"/>; what stands behind them is cut off.</param>
    public static RecordFile Append(string? path, long whole)
    {
        if (path is null) return new(null);
        // Without a buffer of its own: what a full disk refused must not be tried again when the file is closed.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        return new(file);
    }

    /// <summary>The records of a file, and how many of its bytes they are.</summary>
    /// <exception cref="LearningException">A record before the last is damaged.</exception>
    public static IReadOnlyList<JsonElement> Read(string path, out long whole)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var records = new List<JsonElement>();
        int at = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', at)) >= 0; at = end + 1)
        {
            if (Parse(bytes.AsSpan(at, end - at)) is { } record) records.Add(record);
            else if (end == bytes.Length - 1) break;
            else throw new LearningException("search-log", $"record {records.Count + 1} of '{path}' is damaged: its check sum does not match");
        }
        whole = at;
        return records;
    }

    static JsonElement? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length <= SumLength || !uint.TryParse(line[..SumLength], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint sum) || Crc32.Of(line[(SumLength + 1)..]) != sum) return null;
        using var document = JsonDocument.Parse(line[(SumLength + 1)..].ToArray());
        return document.RootElement.Clone();
    }

    /// <summary>Appends one object; it is on the disk when this returns.</summary>
    /// <param name="write">Writes its properties.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(Action<Utf8JsonWriter> write)
    {
        if (file is null) return;
        var record = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(record))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        file.Write([.. Encoding.ASCII.GetBytes(Crc32.Of(record.WrittenSpan).ToString("x8", CultureInfo.InvariantCulture) + " "), .. record.WrittenSpan, (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => file?.Dispose();
}
