using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tilth.AspNetCore.Hosting;

namespace Tilth.AspNetCore;

/// <summary>Adds the models to an application's health checks.</summary>
public static class TilthHealth
{
    /// <summary>The tag of the check, by which MapHealthChecks tells readiness from life.</summary>
    public const string Ready = "ready";

    /// <summary>
    /// Adds a check that is healthy if there is a model, and the package of each predicts its golden rows to the bit. Its data
    /// has version, load time and age in seconds of each. It carries the tag <see cref="Ready"/>: a process without a model
    /// is alive, but not ready.
    /// </summary>
    /// <param name="checks">The application's.</param>
    /// <param name="name">The check's name.</param>
    public static IHealthChecksBuilder AddTilth(this IHealthChecksBuilder checks, string name = "tilth")
        => checks.Add(new HealthCheckRegistration(name, services => new ModelsCheck(services.GetRequiredService<ModelHost>(), services.GetRequiredService<TimeProvider>()), null, [Ready]));
}

/// <summary>Whether every model can answer.</summary>
internal sealed class ModelsCheck(ModelHost host, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        string? fault = null;
        foreach (var model in host.Models)
        {
            var package = model.Deployment.Production;
            data[$"{model.Name}.version"] = package.Version;
            data[$"{model.Name}.loaded"] = package.Loaded;
            data[$"{model.Name}.age"] = (long)(clock.GetUtcNow() - package.Loaded).TotalSeconds;
            string? wrong = GoldenFault(package);
            data[$"{model.Name}.golden"] = wrong is null;
            fault ??= wrong;
        }
        if (data.Count == 0) fault = "there is no model";
        return Task.FromResult(fault is null ? HealthCheckResult.Healthy(null, data) : new HealthCheckResult(context.Registration.FailureStatus, fault, null, data));
    }

    static string? GoldenFault(ServedPackage package)
    {
        try
        {
            package.Package.Verify();
            return null;
        }
        catch (PackageFormatException wrong)
        {
            return wrong.Message;
        }
    }
}
