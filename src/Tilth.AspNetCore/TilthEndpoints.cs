using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Pages;
using Tilth.AspNetCore.Security;

namespace Tilth.AspNetCore;

/// <summary>Maps the addresses that serve packages.</summary>
public static class TilthEndpoints
{
    /// <summary>
    /// Maps, below {prefix}/{name}: GET (the model), /schema, /openapi.json, /versions, /drift; POST /predict, /explain, /feedback;
    /// for people /form and /page; and what changes the package that answers: PUT /production, /canary, /shadow, DELETE /canary, /shadow, POST /promote, /rollback. What it
    /// returns takes conventions for all of them, such as RequireAuthorization.
    /// </summary>
    /// <param name="endpoints">The application's.</param>
    /// <param name="prefix">Where the addresses begin.</param>
    public static IEndpointConventionBuilder MapTilth(this IEndpointRouteBuilder endpoints, string prefix = "/models")
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<Guard>();
        var (models, predict) = (services.GetRequiredService<ModelEndpoints>(), services.GetRequiredService<PredictEndpoint>());
        var change = services.GetRequiredService<ChangeEndpoints>();
        var group = endpoints.MapGroup(prefix);
        var (form, page) = (services.GetRequiredService<FormPage>(), services.GetRequiredService<ModelPage>());
        void Map(string method, string path, KeyScope scope, RequestDelegate endpoint, bool page = false) => group.MapMethods(path, [method], guard.Around(scope, endpoint, page));
        Map("GET", "/", KeyScope.Read, models.List);
        Map("GET", "/{name}", KeyScope.Read, models.Describe);
        Map("GET", "/{name}/schema", KeyScope.Read, models.Schema);
        Map("GET", "/{name}/openapi.json", KeyScope.Read, models.OpenApi);
        Map("GET", "/{name}/versions", KeyScope.Read, models.Versions);
        Map("POST", "/{name}/predict", KeyScope.Predict, predict.Predict);
        Map("POST", "/{name}/explain", KeyScope.Predict, predict.Explain);
        Map("POST", "/{name}/feedback", KeyScope.Predict, services.GetRequiredService<FeedbackEndpoint>().Take);
        Map("GET", "/{name}/drift", KeyScope.Read, services.GetRequiredService<DriftEndpoint>().Report);
        Map("GET", "/{name}/page", KeyScope.Read, page.Show, page: true);
        Map("GET", "/{name}/form", KeyScope.Read | KeyScope.Predict, form.Show, page: true);
        Map("POST", "/{name}/form", KeyScope.Read | KeyScope.Predict, form.Answer, page: true);
        Map("PUT", "/{name}/production", KeyScope.Write | KeyScope.Promote, change.PutProduction);
        Map("PUT", "/{name}/canary", KeyScope.Write | KeyScope.Promote, change.PutCanary);
        Map("PUT", "/{name}/shadow", KeyScope.Write, change.PutShadow);
        Map("DELETE", "/{name}/canary", KeyScope.Write, change.DeleteCanary);
        Map("DELETE", "/{name}/shadow", KeyScope.Write, change.DeleteShadow);
        Map("POST", "/{name}/promote", KeyScope.Promote, change.Promote);
        Map("POST", "/{name}/rollback", KeyScope.Promote, change.RollBack);
        return group;
    }

    /// <summary>Maps GET {path}: counts of every model as Prometheus text. With a file of keys it needs the scope read.</summary>
    public static IEndpointConventionBuilder MapTilthMetrics(this IEndpointRouteBuilder endpoints, string path = "/metrics")
        => endpoints.MapGet(path, endpoints.ServiceProvider.GetRequiredService<Guard>()
            .Around(KeyScope.Read, endpoints.ServiceProvider.GetRequiredService<MetricsEndpoint>().Write));

    /// <summary>Maps GET /health/live and /health/ready; both are open to everybody and tell no names.</summary>
    public static IEndpointConventionBuilder MapTilthHealth(this IEndpointRouteBuilder endpoints, string prefix = "/health")
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<Guard>();
        var group = endpoints.MapGroup(prefix);
        group.MapGet("/live", guard.Around(KeyScope.None, HealthEndpoints.Live));
        group.MapGet("/ready", guard.Around(KeyScope.None, services.GetRequiredService<HealthEndpoints>().Ready));
        return group;
    }
}
