using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>POST {model}/predict and {model}/explain.</summary>
internal sealed class PredictEndpoint(ModelHost host, Guard guard, ILogger<PredictEndpoint> logger)
{
    const int MostReasons = 1000;

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
        bool csv = IsCsv(context.Request.ContentType);
        using var body = await RequestBody.Read(context, host.Options.MaxBodyBytes, host.Options.RequestTimeout).ConfigureAwait(false);
        var package = model.Deployment.Production;
        if (explain > 0 && !package.Predictor.CanExplain)
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "explain", $"model '{model.Name}' cannot say which columns moved a row's score");
        var slot = package.Rent();
        try
        {
            using (await guard.Enter(context.RequestAborted).ConfigureAwait(false)) Work(context, model, package, slot, body.Span, csv, explain);
            if (slot.IsRefused) await ProblemAnswer.Write(context, StatusCodes.Status400BadRequest, slot.Problems).ConfigureAwait(false);
            else await Write(context, package, slot).ConfigureAwait(false);
        }
        finally
        {
            package.Return(slot);
        }
    }

    void Work(HttpContext context, ServedModel model, ServedPackage package, RowSlot slot, ReadOnlySpan<byte> body, bool csv, int explain)
    {
        try
        {
            slot.BeginCall();
            var call = new RowCall(model.Name, package, slot, host.Options, explain);
            if (csv) call.AnswerCsv(body, context.RequestAborted);
            else call.AnswerJson(body, context.RequestAborted);
        }
        catch (Exception fault) when (fault is not (RefusedException or OperationCanceledException))
        {
            ServingLog.CallFailed(logger, fault, model.Name, package.Version);
            throw new RefusedException(StatusCodes.Status500InternalServerError, "failed", "the model failed on this call; the server's log says why");
        }
    }

    static async Task Write(HttpContext context, ServedPackage package, RowSlot slot)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = slot.Answer.WrittenCount;
        response.Headers["Tilth-Package"] = package.Package.ContentHash;
        await response.BodyWriter.WriteAsync(slot.Answer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

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
