using System.Globalization;

namespace Tilth.AspNetCore.Logs;

/// <summary>Append-only files, one open at a time. Each start begins a new one, so that nothing follows a line that a crash cut off.</summary>
internal sealed class LogSegments(PredictionLogOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>The files' names.</summary>
    public const string Pattern = "predictions-*.jsonl";

    FileStream? open;

    public void Append(ReadOnlySpan<byte> lines)
    {
        if (open is { } full && full.Length >= options.SegmentBytes) Close();
        open ??= Begin();
        open.Write(lines);
    }

    /// <summary>Hands what was appended to the operating system: it then outlives this process.</summary>
    public void Flush() => open?.Flush();

    public void Close()
    {
        open?.Dispose();
        open = null;
    }

    public void Dispose() => Close();

    FileStream Begin()
    {
        Directory.CreateDirectory(options.Folder);
        if (options.MaxSegments > 0)
            foreach (string old in Directory.GetFiles(options.Folder, Pattern).Order(StringComparer.Ordinal).SkipLast(options.MaxSegments)) File.Delete(old);
        string time = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        for (int number = 0; ; number++)
        {
            string path = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"predictions-{time}-{number:D4}.jsonl"));
            if (!File.Exists(path)) return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        }
    }
}
