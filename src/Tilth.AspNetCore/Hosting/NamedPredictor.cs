using Tilth.Data;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.AspNetCore.Hosting;

/// <summary>The package that answers now under a name.</summary>
internal sealed class NamedPredictor(OwnCalls calls) : IPredictor
{
    readonly ServedModel model = calls.Model;

    public string Name => model.Name;

    public string Version => Package.Version;

    public string ContentHash => Package.ContentHash;

    public Predictor Current => model.Deployment.Production.Predictor;

    ModelPackage Package => model.Deployment.Production.Package;

    public RowPrediction Predict(IReadOnlyDictionary<string, object?> row) => calls.Predict(row, out _);

    public RowPrediction Predict(IReadOnlyDictionary<string, object?> row, out string? id) => calls.Predict(row, out id);

    public TablePredictions Predict(Table table) => calls.Predict(table, out _);

    public TablePredictions Predict(Table table, out IReadOnlyList<string> ids) => calls.Predict(table, out ids);

    /// <summary>The model of that name.</summary>
    /// <exception cref="SchemaException">There is none.</exception>
    public static ServedModel Find(ModelHost host, string name) => host.Find(name)
        ?? throw new SchemaException("model-unknown", $"there is no model '{name}'; there are {Spelling.List(host.Models.Select(model => model.Name))}");

    /// <summary>The only model.</summary>
    /// <exception cref="SchemaException">There are more, or none.</exception>
    public static ServedModel Only(ModelHost host)
        => host.Models.ToList() is var models && models.Count == 1 ? models[0]
            : throw new SchemaException("model-unnamed", models.Count == 0 ? "there is no model" : $"there are {models.Count} models ({Spelling.List(models.Select(model => model.Name))}); ask for one by its key, as with [FromKeyedServices(\"{models[0].Name}\")]");
}

/// <summary>The same for rows of a type.</summary>
internal sealed class NamedPredictor<TIn, TOut>(OwnCalls calls) : IPredictor<TIn, TOut> where TIn : IModelInput where TOut : IModelOutput<TOut>
{
    readonly ServedModel model = calls.Model;
    TypedPredictor<TIn, TOut>? last;

    public string Name => model.Name;

    public string Version => model.Deployment.Production.Package.Version;

    public string ContentHash => model.Deployment.Production.Package.ContentHash;

    public TOut Predict(TIn input) => Predict(input, out _);

    public TOut Predict(TIn input, out string? id)
    {
        var package = model.Deployment.Production;
        var typed = last;
        if (typed?.Predictor != package.Predictor) last = typed = new TypedPredictor<TIn, TOut>(package.Predictor);
        return calls.Predict(package, typed, input, out id);
    }
}

/// <summary>What every package of a model must have, because code was made for it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Check">Throws <see cref="SchemaException"/> for a schema that does not fit.</param>
internal sealed record ModelContract(string Name, Action<Schema> Check);
