namespace Tilth.Prediction;

/// <summary>
/// A row as a type of its own, such as the build makes of a package's schema (docs/typed-models.md): one property a feature.
/// </summary>
public interface IModelInput
{
    /// <summary>What the type was made for: the <see cref="SchemaContract"/> of the package's schema.</summary>
    static abstract string Contract { get; }

    /// <summary>Sets every feature of a row.</summary>
    /// <param name="row">Cleared.</param>
    /// <param name="columns">The column's number for each feature of the contract, in its order.</param>
    void Fill(PredictorRow row, ReadOnlySpan<int> columns);
}

/// <summary>What a package says about one row, as a type of its own.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IModelOutput<TSelf> where TSelf : IModelOutput<TSelf>
{
    /// <summary>Puts a row's outputs into the type.</summary>
    /// <param name="predictor">What predicted.</param>
    /// <param name="row">What was predicted.</param>
    /// <param name="outputs">Calibrated; <see cref="Predictor.OutputCount"/> numbers.</param>
    static abstract TSelf From(Predictor predictor, PredictorRow row, ReadOnlySpan<double> outputs);
}
