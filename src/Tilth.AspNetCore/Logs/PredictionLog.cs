using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Hosting;
using Tilth.Kernels;

namespace Tilth.AspNetCore.Logs;

/// <summary>
/// Writes what was predicted to append-only files in the background. A call never waits for it: when the disk is slower than
/// the calls, rows are dropped and counted. What was taken is with the operating system within a second.
/// </summary>
internal sealed class PredictionLog : BackgroundService
{
    const int MostWaiting = 1 << 16;

    readonly PredictionLogOptions? options;
    readonly TimeProvider clock;
    readonly ILogger<PredictionLog> logger;
    readonly Channel<Lines> waiting = Channel.CreateBounded<Lines>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    readonly string start = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    long lastId, waitingBytes, written, dropped;

    public PredictionLog(ModelHost host, TimeProvider clock, ILogger<PredictionLog> logger)
    {
        (options, this.clock, this.logger) = (host.Options.PredictionLog, clock, logger);
        LeaveOut = options?.LeaveOut.ToHashSet(StringComparer.Ordinal) ?? [];
    }

    /// <summary>False if nothing is written down.</summary>
    public bool IsOn => options is not null;

    /// <summary>Whether also what the application's own code predicts is written down.</summary>
    public bool TakesOwnCalls => options is { OwnCalls: true };

    /// <summary>Columns whose values are never written.</summary>
    public IReadOnlySet<string> LeaveOut { get; }

    /// <summary>Rows and truths written, and dropped.</summary>
    public (long Written, long Dropped) Counts => (Interlocked.Read(ref written), Interlocked.Read(ref dropped));

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The next row's identifier: random for this start of the process, then a number.</summary>
    /// <param name="id">At least 32 characters.</param>
    /// <param name="chosen">Whether the row is in the sample to write.</param>
    public int NextId(Span<char> id, out bool chosen)
    {
        ulong number = (ulong)Interlocked.Increment(ref lastId);
        chosen = (StableHash.Mix(number) >> 11) * (1.0 / (1UL << 53)) < options!.Share;
        start.CopyTo(id);
        id[start.Length] = '-';
        number.TryFormat(id[(start.Length + 1)..], out int digits, "x", CultureInfo.InvariantCulture);
        return start.Length + 1 + digits;
    }

    /// <summary>Takes whole lines to write, or counts them as dropped; never waits.</summary>
    public void Offer(ReadOnlySpan<byte> lines, int count)
    {
        if (count == 0) return;
        if (Interlocked.Add(ref waitingBytes, lines.Length) <= options!.MaxWaitingBytes)
        {
            byte[] copy = ArrayPool<byte>.Shared.Rent(lines.Length);
            lines.CopyTo(copy);
            if (waiting.Writer.TryWrite(new Lines(copy, lines.Length, count))) return;
            ArrayPool<byte>.Shared.Return(copy);
        }
        Interlocked.Add(ref waitingBytes, -lines.Length);
        Interlocked.Add(ref dropped, count);
    }

    /// <summary>Writes what still waits, then ends.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    /// <summary>Lets the file end also where nobody asked the application to stop first.</summary>
    public override void Dispose()
    {
        waiting.Writer.TryComplete();
        base.Dispose();
    }

    // Not stopped by the token: what was taken is written.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options is null) return;
        using var segments = new LogSegments(options, clock);
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false)) Drain(segments);
    }

    void Drain(LogSegments segments)
    {
        long flushed = clock.GetTimestamp();
        while (waiting.Reader.TryRead(out var lines))
        {
            bool done = Try(() => segments.Append(lines.Bytes.AsSpan(0, lines.Length)), segments);
            Interlocked.Add(ref done ? ref written : ref dropped, lines.Count);
            Interlocked.Add(ref waitingBytes, -lines.Length);
            ArrayPool<byte>.Shared.Return(lines.Bytes);
            if (clock.GetElapsedTime(flushed) < TimeSpan.FromSeconds(0.5)) continue;
            Try(segments.Flush, segments);
            flushed = clock.GetTimestamp();
        }
        Try(segments.Flush, segments);
    }

    bool Try(Action write, LogSegments segments)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            ServingLog.LogFailed(logger, fault.Message, Interlocked.Read(ref dropped));
            try
            {
                segments.Close();
            }
            catch (IOException)
            {
                // Its last bytes could not be written either; the next lines begin a new file.
            }
            return false;
        }
    }

    readonly record struct Lines(byte[] Bytes, int Length, int Count);
}
