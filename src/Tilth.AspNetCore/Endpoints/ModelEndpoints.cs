using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.Data;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>What the models are: the list, one model, its schema, its OpenAPI document, its versions.</summary>
internal sealed class ModelEndpoints(ModelHost host)
{
    /// <summary>The model that the address names.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public static ServedModel Named(HttpContext context, ModelHost host)
    {
        string name = context.Request.RouteValues["name"] as string ?? "";
        return host.Find(name) ?? throw new RefusedException(StatusCodes.Status404NotFound, "model-unknown",
            Spelling.Nearest(name.Length <= 64 ? name : name[..64], host.Models.Select(model => model.Name)) is { } nearest
                ? $"there is no model '{name}'; did you mean '{nearest}'?" : $"there is no model '{name}'");
    }

    public Task List(HttpContext context) => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (var model in host.Models) WriteSummary(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task Describe(HttpContext context)
    {
        var model = Named(context, host);
        var package = model.Deployment.Production.Package;
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteString("version", package.Version);
            json.WriteString("sha256", package.ContentHash);
            json.WriteString("loaded", Stamp(model.Deployment.Production));
            json.WritePropertyName("versions");
            WriteVersions(json, model);
            json.WritePropertyName("schema");
            json.WriteRawValue(SchemaJson.Write(package.Schema));
            json.WritePropertyName("example");
            SchemaDocument.WriteExample(json, package);
            json.WriteBoolean("explains", model.Deployment.Production.Predictor.CanExplain);
            json.WriteStartObject("documents");
            foreach (var (name, document) in package.Documents)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(document.Span);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public Task Schema(HttpContext context)
    {
        var package = Named(context, host).Deployment.Production.Package;
        return JsonAnswer.Write(context, json => SchemaDocument.WriteRow(json, package, alone: true));
    }

    public Task OpenApi(HttpContext context)
    {
        var model = Named(context, host);
        string path = context.Request.PathBase + context.Request.Path;
        return JsonAnswer.Write(context, json => OpenApiDocument.Write(json, model.Deployment.Production.Package, model.Name, path[..path.LastIndexOf('/')]));
    }

    public Task Versions(HttpContext context)
    {
        var model = Named(context, host);
        return JsonAnswer.Write(context, json => WriteVersions(json, model));
    }

    /// <summary>The versions in memory and the role of each.</summary>
    public static void WriteVersions(Utf8JsonWriter json, ServedModel model)
    {
        var deployment = model.Deployment;
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        foreach (var (role, package) in deployment.Roles()) json.WriteString(role, package.Version);
        if (deployment.Canary is not null) json.WriteNumber("canaryShare", deployment.CanaryShare);
        if (deployment.Shadow is { } shadow) WriteShadow(json, shadow.Shadowing.Report());
        json.WriteStartArray("versions");
        foreach (var package in model.Versions)
        {
            json.WriteStartObject();
            json.WriteString("version", package.Version);
            json.WriteString("sha256", package.Package.ContentHash);
            json.WriteString("loaded", Stamp(package));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteShadow(Utf8JsonWriter json, ShadowReport report)
    {
        json.WriteStartObject("shadowDifferences");
        json.WriteNumber("rows", report.Rows);
        json.WriteNumber("otherDecisions", report.OtherDecisions);
        json.WriteNumber("meanDifference", report.MeanDifference);
        json.WriteNumber("largestDifference", report.LargestDifference);
        json.WriteNumber("failedCalls", report.FailedCalls);
        json.WriteNumber("droppedCalls", report.DroppedCalls);
        json.WriteEndObject();
    }

    static void WriteSummary(Utf8JsonWriter json, ServedModel model)
    {
        var package = model.Deployment.Production.Package;
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("version", package.Version);
        json.WriteString("target", package.Target.Column);
        json.WriteString("task", package.Target.Task.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    static string Stamp(ServedPackage package) => package.Loaded.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
