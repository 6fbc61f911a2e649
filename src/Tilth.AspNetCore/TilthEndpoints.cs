using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tilth.AspNetCore.Endpoints;

namespace Tilth.AspNetCore;

/// <summary>Maps the addresses that serve packages.</summary>
public static class TilthEndpoints
{
    /// <summary>
    /// Maps GET {prefix}, {prefix}/{name}, /schema, /openapi.json, /versions and POST /predict, /explain. What it returns takes
    /// conventions for all of them, such as RequireAuthorization.
    /// </summary>
    /// <param name="endpoints">The application's.</param>
    /// <param name="prefix">Where the addresses begin.</param>
    public static IEndpointConventionBuilder MapTilth(this IEndpointRouteBuilder endpoints, string prefix = "/models")
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<Guard>();
        var (models, predict) = (services.GetRequiredService<ModelEndpoints>(), services.GetRequiredService<PredictEndpoint>());
        var group = endpoints.MapGroup(prefix);
        void Get(string path, RequestDelegate endpoint) => group.MapGet(path, guard.Around(endpoint));
        void Post(string path, RequestDelegate endpoint) => group.MapPost(path, guard.Around(endpoint));
        Get("/", models.List);
        Get("/{name}", models.Describe);
        Get("/{name}/schema", models.Schema);
        Get("/{name}/openapi.json", models.OpenApi);
        Get("/{name}/versions", models.Versions);
        Post("/{name}/predict", predict.Predict);
        Post("/{name}/explain", predict.Explain);
        return group;
    }

    /// <summary>Maps GET /health/live and /health/ready; both are open to everybody and tell no names.</summary>
    public static IEndpointConventionBuilder MapTilthHealth(this IEndpointRouteBuilder endpoints, string prefix = "/health")
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<Guard>();
        var group = endpoints.MapGroup(prefix);
        group.MapGet("/live", guard.Around(HealthEndpoints.Live));
        group.MapGet("/ready", guard.Around(services.GetRequiredService<HealthEndpoints>().Ready));
        return group;
    }
}
