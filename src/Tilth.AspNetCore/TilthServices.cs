using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Pages;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.AspNetCore;

/// <summary>Adds packages to an application.</summary>
public static class TilthServices
{
    /// <summary>What serving needs, without a model; sets limits.</summary>
    public static IServiceCollection AddTilth(this IServiceCollection services, Action<ServingOptions>? configure = null)
    {
        services.AddOptions<ServingOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServingOptions>, ServingOptionsCheck>());
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ModelHost>();
        services.TryAddSingleton<IPredictor>(provider => new NamedPredictor(new OwnCalls(NamedPredictor.Only(provider.GetRequiredService<ModelHost>()), provider.GetRequiredService<PredictionLog>())));
        services.TryAddKeyedSingleton<IPredictor>(KeyedService.AnyKey, (provider, name) => new NamedPredictor(new OwnCalls(NamedPredictor.Find(provider.GetRequiredService<ModelHost>(), $"{name}"), provider.GetRequiredService<PredictionLog>())));
        services.TryAddSingleton(provider => new Guard(provider.GetRequiredService<ModelHost>().Options, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<Scoring>();
        services.TryAddSingleton<LineStream>();
        services.TryAddSingleton<PredictEndpoint>();
        services.TryAddSingleton<FormPage>();
        services.TryAddSingleton<ModelPage>();
        services.TryAddSingleton<ModelEndpoints>();
        services.TryAddSingleton<HealthEndpoints>();
        services.TryAddSingleton<ChangeEndpoints>();
        services.TryAddSingleton<FeedbackEndpoint>();
        services.TryAddSingleton<DriftEndpoint>();
        services.TryAddSingleton<MetricsEndpoint>();
        services.TryAddSingleton<PredictionLog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PredictionLog>(provider => provider.GetRequiredService<PredictionLog>()));
        services.TryAddSingleton<ShadowScoring>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ShadowScoring>(provider => provider.GetRequiredService<ShadowScoring>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PackageWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DriftWindows>());
        return services;
    }

    /// <summary>
    /// Serves a model under a name; say next where its package is. The package is opened when the application starts.
    /// An <see cref="IPredictor"/> with the name as its key gives it to the application's own code.
    /// </summary>
    /// <param name="services">The application's.</param>
    /// <param name="name">1 to 64 letters, digits, hyphens, underscores and dots, the first a letter or digit.</param>
    /// <exception cref="ArgumentException">The name is not such.</exception>
    public static ModelPlace AddTilth(this IServiceCollection services, string name)
    {
        if (!ModelSource.IsName(name))
            throw new ArgumentException($"'{name}' is not a model's name: 1 to 64 letters, digits, hyphens, underscores and dots, the first a letter or digit");
        services.AddTilth();
        return new ModelPlace(services, name);
    }

    /// <summary>
    /// As <see cref="AddTilth(IServiceCollection, string)"/>, with an <see cref="IPredictor{TIn, TOut}"/> for the types that the
    /// build made of the package's schema. A package that they do not fit is refused, whoever brings it.
    /// </summary>
    /// <param name="services">The application's.</param>
    /// <param name="name">As in the other.</param>
    /// <typeparam name="TIn">The row's type.</typeparam>
    /// <typeparam name="TOut">The answer's type.</typeparam>
    public static ModelPlace AddTilth<TIn, TOut>(this IServiceCollection services, string name) where TIn : IModelInput where TOut : IModelOutput<TOut>
    {
        var place = services.AddTilth(name);
        services.AddSingleton(new ModelContract(name, schema => SchemaContract.Check(schema, TIn.Contract, typeof(TIn).Name)));
        IPredictor<TIn, TOut> Make(IServiceProvider provider) => new NamedPredictor<TIn, TOut>(new OwnCalls(NamedPredictor.Find(provider.GetRequiredService<ModelHost>(), name), provider.GetRequiredService<PredictionLog>()));
        services.TryAddSingleton(Make);
        services.TryAddKeyedSingleton(name, (provider, _) => Make(provider));
        return place;
    }

    /// <summary>Serves every .tilth file of a folder under the file's name.</summary>
    /// <param name="services">The application's.</param>
    /// <param name="folder">Holds packages.</param>
    /// <param name="watch">True to serve files that change or come later.</param>
    public static IServiceCollection AddTilthFolder(this IServiceCollection services, string folder, bool watch = false)
        => services.AddTilth().AddSingleton(new ModelSource(null, folder, watch)).AddSingleton<TilthModels>();
}

/// <summary>Where a model's package is.</summary>
public sealed class ModelPlace
{
    readonly IServiceCollection services;
    readonly string name;

    internal ModelPlace(IServiceCollection services, string name) => (this.services, this.name) = (services, name);

    /// <summary>A file.</summary>
    /// <param name="path">A .tilth file.</param>
    /// <param name="watch">True to swap when the file changes; calls under way finish on the old package.</param>
    public IServiceCollection FromFile(string path, bool watch = false) => From(new ModelSource(name, path, watch));

    /// <summary>A stream, read to its end when the application starts.</summary>
    public IServiceCollection FromStream(Func<Stream> open) => From(new ModelSource(name, () =>
    {
        using var stream = open();
        return ModelPackage.Open(stream, name);
    }));

    /// <summary>An open package.</summary>
    public IServiceCollection From(ModelPackage package) => From(new ModelSource(name, () => package));

    IServiceCollection From(ModelSource source) => services.AddSingleton(source).AddSingleton<TilthModels>();
}

/// <summary>The predictors that answer now, for the application's own code.</summary>
public sealed class TilthModels
{
    readonly ModelHost host;

    /// <summary>Made by the container.</summary>
    public TilthModels(IServiceProvider services) => host = services.GetRequiredService<ModelHost>();

    /// <summary>The predictor of a model as of now; it stays whole after a swap, so ask again for each piece of work.</summary>
    /// <exception cref="SchemaException">There is no such model.</exception>
    public Predictor this[string name]
        => host.Find(name)?.Deployment.Production.Predictor ?? throw new SchemaException("model-unknown", $"there is no model '{name}'");
}
