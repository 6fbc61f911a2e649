using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;
using Tilth.Kernels;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>POST {model}/predict and {model}/explain.</summary>
internal sealed class PredictEndpoint(ModelHost host, Guard guard, Scoring scoring, LineStream lines, ShadowScoring shadows, PredictionLog log)
{
    const int MostReasons = 1000;

    /// <summary>Calls with one value of this header go to one package while a canary runs; else the rows decide.</summary>
    public const string StickyHeader = "Tilth-Key";

    public Task Predict(HttpContext context) => Answer(context, explain: 0);

    public Task Explain(HttpContext context)
    {
        int top = 10;
        if (context.Request.Query.TryGetValue("top", out var given) && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out top) && top is > 0 and <= MostReasons))
            throw new RefusedException(StatusCodes.Status400BadRequest, "top", $"top must be a number from 1 to {MostReasons}, but is '{given}'");
        return Answer(context, top);
    }

    async Task Answer(HttpContext context, int explain)
    {
        var model = ModelEndpoints.Named(context, host);
        using var activity = Telemetry.Source.StartActivity(Telemetry.Predict);
        long started = Stopwatch.GetTimestamp();
        int status = StatusCodes.Status500InternalServerError;
        try
        {
            status = await AnswerFor(context, model, explain).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            status = refused.Status;
            throw;
        }
        catch (TilthException)
        {
            status = StatusCodes.Status400BadRequest;
            throw;
        }
        catch (BadHttpRequestException fault)
        {
            status = fault.StatusCode;
            throw;
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            model.Calls.Count(status, elapsed);
            Telemetry.Call(model.Name, status, elapsed);
        }
    }

    async Task<int> AnswerFor(HttpContext context, ServedModel model, int explain)
    {
        var form = FormOf(context.Request.ContentType);
        if (guard.IsFull) return await ProblemAnswer.WriteOverload(context).ConfigureAwait(false);
        if (form == BodyForm.Lines) return await lines.Answer(context, model, TurnOf(context, model, [], explain), explain).ConfigureAwait(false);
        using var body = await RequestBody.Read(context, host.Options.MaxBodyBytes, host.Options.RequestTimeout, guard.Space).ConfigureAwait(false);
        var turn = TurnOf(context, model, body.Span, explain);
        var shadow = model.Deployment.Shadow;
        if (await guard.Enter(context.RequestAborted).ConfigureAwait(false) is not { } place) return await ProblemAnswer.WriteOverload(context).ConfigureAwait(false);
        ServedPackage package;
        RowSlot slot;
        using (place)
            (package, slot) = scoring.Answer(model, turn, body.Span, form, explain, shadow is not null, context.RequestAborted);
        try
        {
            context.Response.Headers["Tilth-Package"] = package.HashHeader;
            if (slot.IsRefused)
            {
                await ProblemAnswer.Write(context, StatusCodes.Status400BadRequest, slot.Problems).ConfigureAwait(false);
                return StatusCodes.Status400BadRequest;
            }
            model.CountRows(slot.Rows, slot.WarnedRows);
            if (log.IsOn) log.Offer(slot.LogLines.WrittenSpan, slot.LogCount);
            if (shadow is not null) shadows.Offer(new AnsweredCall(model.Name, package, shadow, body.Span.ToArray(), form, [.. slot.KeptOutputs]));
            await Write(context, slot).ConfigureAwait(false);
            return StatusCodes.Status200OK;
        }
        finally
        {
            package.Return(slot);
        }
    }

    /// <summary>Who answers: what ?version= names, or else production and the canary in their shares.</summary>
    Turn TurnOf(HttpContext context, ServedModel model, ReadOnlySpan<byte> body, int explain)
    {
        var turn = context.Request.Query.TryGetValue("version", out var alias) ? new Turn(model.Named(alias.ToString()))
            : model.Deployment is { Canary: null } deployment ? deployment.Choose(0, host.Now)
            : model.Deployment.Choose(StickyHash(context, body), host.Now);
        return explain == 0 || turn.Package.Predictor.CanExplain ? turn
            : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "explain", $"model '{model.Name}' cannot say which columns moved a row's score");
    }

    static async Task Write(HttpContext context, RowSlot slot)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = slot.Answer.WrittenCount;
        await response.BodyWriter.WriteAsync(slot.Answer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    static ulong StickyHash(HttpContext context, ReadOnlySpan<byte> body)
        => context.Request.Headers.TryGetValue(StickyHeader, out var key) ? StableHash.Of(key.ToString())
            : body.Length > 0 ? StableHash.Of(body) : StableHash.Of(context.TraceIdentifier);

    static BodyForm FormOf(string? contentType)
    {
        var type = contentType.AsSpan();
        int end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        if (type.Length == 0 || type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return BodyForm.Json;
        if (type.Equals("text/csv", StringComparison.OrdinalIgnoreCase)) return BodyForm.Csv;
        if (type.Equals(LineStream.ContentType, StringComparison.OrdinalIgnoreCase) || type.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase)) return BodyForm.Lines;
        throw new RefusedException(StatusCodes.Status415UnsupportedMediaType, "content-type", $"the content type is '{(type.Length <= 80 ? type : type[..80])}', but must be application/json, text/csv or {LineStream.ContentType}{(type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? " (with curl: -H 'Content-Type: application/json')" : "")}");
    }
}
