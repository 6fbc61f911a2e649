using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// Live: the process answers. Ready: it has a model, and every model's package predicted its golden rows to the bit when it
/// was loaded (one that did not is never deployed).
/// </summary>
internal sealed class HealthEndpoints(ModelHost host)
{
    public static Task Live(HttpContext context) => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", "live");
        json.WriteEndObject();
    });

    public Task Ready(HttpContext context)
    {
        var models = host.Models.ToList();
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", models.Count > 0 ? "ready" : "no model");
            json.WriteNumber("models", models.Count);
            json.WriteEndObject();
        }, models.Count > 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
