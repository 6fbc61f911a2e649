using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;
using Tilth.Kernels;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>POST {model}/predict and {model}/explain.</summary>
internal sealed class PredictEndpoint(ModelHost host, Guard guard, ShadowScoring shadows, PredictionLog log, ILogger<PredictEndpoint> logger)
{
    const int MostReasons = 1000, FailuresOfCanary = 5;

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
        using var activity = Telemetry.Source.StartActivity("tilth.predict");
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
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            model.Calls.Count(status, elapsed);
            Telemetry.Call(model.Name, status, elapsed);
        }
    }

    async Task<int> AnswerFor(HttpContext context, ServedModel model, int explain)
    {
        bool csv = IsCsv(context.Request.ContentType);
        using var body = await RequestBody.Read(context, host.Options.MaxBodyBytes, host.Options.RequestTimeout).ConfigureAwait(false);
        var deployment = model.Deployment;
        var package = deployment.Canary is null ? deployment.Production : deployment.Choose(StickyHash(context, body.Span));
        if (explain > 0 && !package.Predictor.CanExplain)
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "explain", $"model '{model.Name}' cannot say which columns moved a row's score");
        var slot = package.Rent();
        try
        {
            slot.BeginCall(keepOutputs: deployment.Shadow is not null);
            var call = new RowCall(model.Name, package, slot, host.Options, explain, log.IsOn ? log : null);
            using (await guard.Enter(context.RequestAborted).ConfigureAwait(false)) Work(call, model, package, body.Span, csv, context.RequestAborted);
            if (slot.IsRefused)
            {
                await ProblemAnswer.Write(context, StatusCodes.Status400BadRequest, slot.Problems).ConfigureAwait(false);
                return StatusCodes.Status400BadRequest;
            }
            model.Calls.CountRows(slot.Rows, slot.WarnedRows);
            if (log.IsOn) log.Offer(slot.LogLines.WrittenSpan, slot.LogCount);
            if (deployment.Shadow is { } shadow)
                shadows.Offer(new AnsweredCall(model.Name, package, shadow, body.Span.ToArray(), csv, [.. slot.KeptOutputs]));
            await Write(context, package, slot).ConfigureAwait(false);
            return StatusCodes.Status200OK;
        }
        finally
        {
            package.Return(slot);
        }
    }

    void Work(RowCall call, ServedModel model, ServedPackage package, ReadOnlySpan<byte> body, bool csv, CancellationToken stop)
    {
        bool failed = false;
        try
        {
            call.Answer(body, csv, stop);
        }
        catch (Exception fault) when (fault is not (RefusedException or OperationCanceledException))
        {
            failed = true;
            ServingLog.CallFailed(logger, fault, model.Name, package.Version);
            throw new RefusedException(StatusCodes.Status500InternalServerError, "failed", "the model failed on this call; the server's log says why");
        }
        finally
        {
            package.CountCall(failed);
            if (failed) EndBadCanary(model, package);
        }
    }

    /// <summary>A canary that failed five calls, and more than one in a hundred, answers no more.</summary>
    void EndBadCanary(ServedModel model, ServedPackage package)
    {
        var (calls, failures) = package.Counts;
        if (failures < FailuresOfCanary || failures * 100 <= calls || !model.EndCanary(package)) return;
        ServingLog.CanaryEnded(logger, model.Name, package.Version, failures, calls);
        host.Record("server", "canary-failed", model, package);
    }

    static async Task Write(HttpContext context, ServedPackage package, RowSlot slot)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = slot.Answer.WrittenCount;
        response.Headers["Tilth-Package"] = package.Package.ContentHash;
        await response.BodyWriter.WriteAsync(slot.Answer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    static ulong StickyHash(HttpContext context, ReadOnlySpan<byte> body)
        => context.Request.Headers.TryGetValue(StickyHeader, out var key) ? StableHash.Of(key.ToString()) : StableHash.Of(body);

    static bool IsCsv(string? contentType)
    {
        var type = contentType.AsSpan();
        int end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        if (type.Equals("text/csv", StringComparison.OrdinalIgnoreCase)) return true;
        if (type.Length == 0 || type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return false;
        throw new RefusedException(StatusCodes.Status415UnsupportedMediaType, "content-type", $"the content type is '{type}', but must be application/json or text/csv");
    }
}
