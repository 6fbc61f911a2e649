using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>Answers single lines of a stream with the trusted package, where the one on trial refuses them.</summary>
/// <param name="model">The name that was called.</param>
/// <param name="package">The trusted one.</param>
/// <param name="options">Limits.</param>
/// <param name="explain">Columns to explain each row with; 0 for none.</param>
/// <param name="log">Gets the rows and predictions; or null.</param>
/// <param name="keepOutputs">Whether the outputs of each row are kept.</param>
/// <param name="logger">Is told where the package fails.</param>
internal sealed class TrustedLines(string model, ServedPackage package, ServingOptions options, int explain, PredictionLog? log, bool keepOutputs, ILogger logger) : IDisposable
{
    RowSlot? own;

    /// <summary>Lines that it answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Time that it took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Answers a line into another package's slot, as if that had; false if it cannot either.</summary>
    public bool Answer(ReadOnlySpan<byte> line, int number, RowSlot into, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        own ??= package.Rent();
        own.BeginCall(keepOutputs);
        try
        {
            new RowCall(model, package, own, options, explain, log).Answer(line, BodyForm.Lines, stop, number);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            ServingLog.CallFailed(logger, fault, model, package.Version);
            return false;
        }
        finally
        {
            Elapsed += Stopwatch.GetElapsedTime(started);
        }
        if (own.Rows == 0) return false;
        into.Absorb(own);
        Answered++;
        return true;
    }

    public void Dispose()
    {
        if (own is not null) package.Return(own);
    }
}
