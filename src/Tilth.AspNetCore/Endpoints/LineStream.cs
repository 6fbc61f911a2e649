using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// Rows as JSON lines, answered line by line while they come: as long as the caller likes, in constant memory. A block of whole
/// lines takes a place among the calls that are worked on, so that a slow caller holds none. A stream stays with the package
/// that it began with, so that no answer mixes two.
/// </summary>
internal sealed class LineStream(ModelHost host, Guard guard, Scoring scoring, ShadowScoring shadows, PredictionLog log)
{
    /// <summary>What the content type of such bodies and answers is.</summary>
    public const string ContentType = "application/x-ndjson";

    const int BlockBytes = 1 << 16, MostLineBytes = 1 << 20;

    static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(5);

    public async Task<int> Answer(HttpContext context, ServedModel model, Turn turn, int explain)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        // A stream may pause; how long, Read decides.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        context.Response.ContentType = ContentType;
        context.Response.Headers["Tilth-Package"] = turn.Package.HashHeader;
        try
        {
            await AnswerAll(context, model, turn, explain).ConfigureAwait(false);
            return StatusCodes.Status200OK;
        }
        catch (RefusedException refused) when (context.Response.HasStarted)
        {
            await WriteEnd(context, refused.Problem).ConfigureAwait(false);
            return refused.Status;
        }
    }

    async Task AnswerAll(HttpContext context, ServedModel model, Turn turn, int explain)
    {
        var reader = context.Request.BodyReader;
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        for (int lines = 0; ; )
        {
            var result = await Read(reader, idle, context.RequestAborted).ConfigureAwait(false);
            var block = Block(result.Buffer, result.IsCompleted);
            if (!block.IsEmpty) lines += await AnswerBlock(context, model, turn, block, lines + 1, explain).ConfigureAwait(false);
            else if (result.Buffer.Length > MostLineBytes)
                throw new RefusedException(StatusCodes.Status413PayloadTooLarge, "line-long", string.Create(CultureInfo.InvariantCulture, $"line {lines + 1} has more than the {MostLineBytes} bytes that one may have"));
            bool done = result.IsCompleted && block.Length == result.Buffer.Length;
            if (block.IsEmpty) reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            else reader.AdvanceTo(block.End);
            if (done) return;
        }
    }

    async Task<int> AnswerBlock(HttpContext context, ServedModel model, Turn turn, ReadOnlySequence<byte> block, int first, int explain)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)block.Length);
        RowSlot? slot = null;
        var package = turn.Package;
        try
        {
            block.CopyTo(bytes);
            var body = bytes.AsMemory(0, (int)block.Length);
            var shadow = model.Deployment.Shadow;
            using (await Enter(context.Response.HasStarted, context.RequestAborted).ConfigureAwait(false))
                (package, slot) = scoring.Answer(model, turn, body.Span, BodyForm.Lines, explain, shadow is not null, context.RequestAborted, first);
            model.CountRows(slot.Rows, slot.WarnedRows);
            if (log.IsOn) log.Offer(slot.LogLines.WrittenSpan, slot.LogCount);
            if (shadow is not null) shadows.Offer(new AnsweredCall(model.Name, package, shadow, body.ToArray(), BodyForm.Lines, [.. slot.KeptOutputs]));
            await context.Response.BodyWriter.WriteAsync(slot.Answer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
            return slot.Lines;
        }
        finally
        {
            if (slot is not null) package.Return(slot);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>A place; a stream that has begun waits for one instead of being refused.</summary>
    async ValueTask<Places.Place> Enter(bool begun, CancellationToken stop)
    {
        for (long started = host.Now; ; await Task.Delay(BetweenAttempts, stop).ConfigureAwait(false))
        {
            if (await guard.Enter(stop).ConfigureAwait(false) is { } place) return place;
            if (!begun || host.Since(started) >= host.Options.RequestTimeout) throw ProblemAnswer.Overload;
        }
    }

    async ValueTask<ReadResult> Read(PipeReader reader, CancellationTokenSource idle, CancellationToken aborted)
    {
        if (reader.TryRead(out var ready)) return ready;
        idle.CancelAfter(host.Options.RequestTimeout);
        try
        {
            return await reader.ReadAsync(idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            throw new RefusedException(StatusCodes.Status408RequestTimeout, "body-slow", $"no line came within {host.Options.RequestTimeout.TotalSeconds:0.###} seconds");
        }
        finally
        {
            idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The whole lines at the buffer's beginning, about <see cref="BlockBytes"/>; at the end also a last one without its end of line.</summary>
    static ReadOnlySequence<byte> Block(ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (buffer.Length > BlockBytes)
        {
            var rest = new SequenceReader<byte>(buffer);
            rest.Advance(BlockBytes);
            if (rest.TryAdvanceTo((byte)'\n')) return rest.Consumed <= MostLineBytes ? buffer.Slice(0, rest.Position) : default;
        }
        if (isLast) return buffer.Length <= MostLineBytes ? buffer : default;
        var reader = new SequenceReader<byte>(buffer);
        var end = buffer.Start;
        while (reader.TryAdvanceTo((byte)'\n')) end = reader.Position;
        return buffer.Slice(0, end);
    }

    static async Task WriteEnd(HttpContext context, Problem problem)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, ReadableJson.Options))
        {
            json.WriteStartObject();
            AnswerWriter.Write(json, JsonEncodedText.Encode("problems"), [problem]);
            json.WriteBoolean("ended", true);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }
}
