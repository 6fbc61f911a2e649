using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>Changes which package answers. A package that does not predict its golden rows to the bit changes nothing.</summary>
internal sealed class ChangeEndpoints(ModelHost host, ILogger<ChangeEndpoints> logger)
{
    /// <summary>The package in the body answers from now on; under a new name too.</summary>
    public async Task PutProduction(HttpContext context)
    {
        string name = context.Request.RouteValues["name"] as string ?? "";
        if (!ModelSource.IsName(name))
            throw new RefusedException(StatusCodes.Status400BadRequest, "model-name", $"'{name}' is not a model's name: 1 to 64 letters, digits, hyphens, underscores and dots, the first a letter or digit");
        var model = host.Deploy(name, await Package(context).ConfigureAwait(false));
        await Done(context, "production", model, model.Deployment.Production).ConfigureAwait(false);
    }

    /// <summary>The package in the body answers ?share= of the calls.</summary>
    public async Task PutCanary(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        if (!double.TryParse(context.Request.Query["share"], NumberStyles.Float, CultureInfo.InvariantCulture, out double share) || share is not (> 0 and <= 1))
            throw new RefusedException(StatusCodes.Status400BadRequest, "share", $"share must be a number above 0 and at most 1, such as ?share=0.1, but is '{context.Request.Query["share"]}'");
        var package = Same(model, host.Prepare(model.Name, await Package(context).ConfigureAwait(false)));
        model.SetCanary(package, share);
        await Done(context, "canary", model, package).ConfigureAwait(false);
    }

    /// <summary>The package in the body scores the same rows, unseen.</summary>
    public async Task PutShadow(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        var package = Same(model, host.Prepare(model.Name, await Package(context).ConfigureAwait(false)));
        model.SetShadow(package);
        await Done(context, "shadow", model, package).ConfigureAwait(false);
    }

    public Task DeleteCanary(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        model.SetCanary(null, 0);
        return Done(context, "canary-end", model, null);
    }

    public Task DeleteShadow(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        model.SetShadow(null);
        return Done(context, "shadow-end", model, null);
    }

    /// <summary>The canary, or without one the shadow, answers every call from now on.</summary>
    public Task Promote(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        var deployment = model.Deployment;
        var package = deployment.Canary ?? deployment.Shadow
            ?? throw new RefusedException(StatusCodes.Status409Conflict, "nothing-to-promote", $"model '{model.Name}' has neither a canary nor a shadow");
        host.Promote(model, package);
        return Done(context, "promote", model, package);
    }

    /// <summary>An earlier package answers again: ?version=, or the one before.</summary>
    public Task RollBack(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        return Done(context, "rollback", model, host.RollBack(model, context.Request.Query["version"].FirstOrDefault()));
    }

    Task Done(HttpContext context, string did, ServedModel model, ServedPackage? package)
    {
        string who = Guard.CallerOf(context);
        host.Record(who, did, model, package);
        ServingLog.Deployed(logger, model.Name, model.Deployment.Production.Version, did);
        return JsonAnswer.Write(context, json => ModelEndpoints.WriteVersions(json, model));
    }

    async Task<ModelPackage> Package(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = host.Options.MaxPackageBytes;
        using var body = await RequestBody.Read(context, host.Options.MaxPackageBytes, host.Options.RequestTimeout, null).ConfigureAwait(false);
        // A package keeps the bytes it was read from, so it gets its own.
        return ModelPackage.Open(new MemoryStream(body.Span.ToArray(), writable: false), "the sent package");
    }

    static ServedPackage Same(ServedModel model, ServedPackage package)
    {
        var (now, then) = (model.Deployment.Production.Package.Target, package.Package.Target);
        return model.Deployment.Production.Foresees(package) ? package
            : throw new RefusedException(StatusCodes.Status409Conflict, "target-differs", $"the package foresees '{then.Column}' ({then.Task}), but model '{model.Name}' foresees '{now.Column}' ({now.Task}) with the same classes");
    }
}
