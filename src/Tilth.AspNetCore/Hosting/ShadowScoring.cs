using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Hosting;

/// <summary>A call that was answered, to be scored once more by a shadow.</summary>
internal sealed record AnsweredCall(string Model, ServedPackage Answered, ServedPackage Shadow, byte[] Body, BodyForm Form, double[] Outputs);

/// <summary>
/// Scores answered calls with the shadow package, one after the other in the background, and counts how the answers differ.
/// Never slows a call: when it falls behind, calls are left out and counted.
/// </summary>
internal sealed class ShadowScoring(ModelHost host, ILogger<ShadowScoring> logger) : BackgroundService
{
    const int MostWaiting = 256;

    readonly Channel<AnsweredCall> waiting = Channel.CreateBounded<AnsweredCall>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public void Offer(AnsweredCall call)
    {
        if (!waiting.Writer.TryWrite(call)) call.Shadow.Shadowing.CountDropped();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var call in waiting.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false)) Score(call, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends, or never began: its port was taken.
        }
    }

    void Score(AnsweredCall call, CancellationToken stop)
    {
        var (shadow, differences) = (call.Shadow, call.Shadow.Shadowing);
        var slot = shadow.Rent();
        try
        {
            slot.BeginCall(keepOutputs: true);
            new RowCall(call.Model, shadow, slot, host.Options).Answer(call.Body, call.Form, stop);
            int width = call.Answered.Predictor.OutputCount;
            if (slot.IsRefused || width != shadow.Predictor.OutputCount || slot.KeptOutputs.Count != call.Outputs.Length) differences.CountFailed();
            else
                for (int at = 0; at < call.Outputs.Length; at += width)
                    differences.Count(call.Answered.Predictor, call.Outputs.AsSpan(at, width), shadow.Predictor, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(slot.KeptOutputs).Slice(at, width));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            differences.CountFailed();
            if (fault is not RefusedException) ServingLog.CallFailed(logger, fault, call.Model, shadow.Version);
        }
        finally
        {
            shadow.Return(slot);
        }
    }
}
