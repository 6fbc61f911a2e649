using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tilth.AspNetCore.Logs;

/// <summary>
/// Who loaded, promoted or rolled back what, a JSON line each. Every line ends with the SHA-256 of the line before and its own
/// text, so that a line changed or taken out later shows (<see cref="FindFault"/>).
/// </summary>
internal sealed class AuditLog
{
    const string Open = ",\"chain\":\"", Close = "\"}";

    readonly string path;
    readonly TimeProvider clock;
    readonly Lock writing = new();
    string last = "";

    public AuditLog(string path, TimeProvider clock)
    {
        (this.path, this.clock) = (path, clock);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        if (!File.Exists(path)) return;
        DropTornLine(path);
        last = File.ReadLines(path).LastOrDefault() is { } line ? ChainOf(line) : "";
    }

    /// <summary>Appends a line and waits until it is on the disk.</summary>
    public void Write(string who, string did, string model, string version)
    {
        lock (writing)
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("time", clock.GetUtcNow());
                json.WriteString("who", who);
                json.WriteString("did", did);
                json.WriteString("model", model);
                json.WriteString("version", version);
                json.WriteEndObject();
            }
            string body = Encoding.UTF8.GetString(buffer.WrittenSpan[..^1]);
            string chain = Link(last, body);
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(Encoding.UTF8.GetBytes($"{body}{Open}{chain}{Close}\n"));
            stream.Flush(flushToDisk: true);
            last = chain;
        }
    }

    /// <summary>The number from 1 of the first line that does not follow from those before it, or null.</summary>
    public static int? FindFault(string path)
    {
        string before = "";
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            int at = line.LastIndexOf(Open, StringComparison.Ordinal);
            if (at < 0 || Link(before, line[..at]) != ChainOf(line)) return number;
            before = ChainOf(line);
        }
        return null;
    }

    /// <summary>A last line without its end was cut off by a crash, before anybody was told that it is written.</summary>
    static void DropTornLine(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        long whole = stream.Length;
        for (; whole > 0; whole--)
        {
            stream.Position = whole - 1;
            if (stream.ReadByte() == '\n') break;
        }
        if (whole < stream.Length) stream.SetLength(whole);
    }

    static string ChainOf(string line)
    {
        int at = line.LastIndexOf(Open, StringComparison.Ordinal);
        return at < 0 || line.Length < at + Open.Length + Close.Length ? "" : line[(at + Open.Length)..^Close.Length];
    }

    static string Link(string before, string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before + body)));
}
