using Tilth.Data;
using Tilth.Prediction;

namespace Tilth.AspNetCore;

/// <summary>
/// A model by its name, whatever package answers for it now: after a swap the next call meets the new package, and no call
/// meets both. Calls are counted with those over HTTP (duration, rows, warned rows, drift; of a table duration and rows).
/// Thread-safe. The container gives it by key ([FromKeyedServices("churn")]), or without one if there is only one.
/// </summary>
public interface IPredictor
{
    /// <summary>The model's name.</summary>
    string Name { get; }

    /// <summary>The version of the package that answers now.</summary>
    string Version { get; }

    /// <summary>The SHA-256 of the package that answers now.</summary>
    string ContentHash { get; }

    /// <summary>The predictor of the package that answers now; it stays whole after a swap. For the path without allocation; what it predicts is neither counted nor logged.</summary>
    Predictor Current { get; }

    /// <summary>Predicts one row given as values by column name: numbers, texts, truth values, dates, or null for missing.</summary>
    /// <exception cref="SchemaException">A name is none of the model's columns, or a value's type is none that a cell can have; all at once.</exception>
    RowPrediction Predict(IReadOnlyDictionary<string, object?> row);

    /// <summary>The same, with the row's id in the prediction log, by which what becomes true can be joined.</summary>
    /// <param name="row">As in the other.</param>
    /// <param name="id">Null unless <see cref="Logs.PredictionLogOptions.OwnCalls"/> is set.</param>
    /// <exception cref="SchemaException">As in the other.</exception>
    RowPrediction Predict(IReadOnlyDictionary<string, object?> row, out string? id);

    /// <summary>Predicts every row of any table that has the model's feature columns, in any order and among others.</summary>
    /// <exception cref="SchemaException">Feature columns are absent or unreadable; all such problems at once.</exception>
    TablePredictions Predict(Table table);

    /// <summary>The same, with the rows' ids in the prediction log.</summary>
    /// <param name="table">As in the other.</param>
    /// <param name="ids">One a row; empty unless <see cref="Logs.PredictionLogOptions.OwnCalls"/> is set.</param>
    /// <exception cref="SchemaException">As in the other.</exception>
    TablePredictions Predict(Table table, out IReadOnlyList<string> ids);
}

/// <summary>As <see cref="IPredictor"/>, for rows of a type that the build made of the package's schema (docs/typed-models.md).</summary>
/// <typeparam name="TIn">The row's type.</typeparam>
/// <typeparam name="TOut">The answer's type.</typeparam>
public interface IPredictor<in TIn, out TOut>
{
    /// <summary>The model's name.</summary>
    string Name { get; }

    /// <summary>The version of the package that answers now.</summary>
    string Version { get; }

    /// <summary>The SHA-256 of the package that answers now.</summary>
    string ContentHash { get; }

    /// <summary>Predicts one row.</summary>
    TOut Predict(TIn input);

    /// <summary>The same, with the row's id in the prediction log, by which what becomes true can be joined.</summary>
    /// <param name="input">The row.</param>
    /// <param name="id">Null unless <see cref="Logs.PredictionLogOptions.OwnCalls"/> is set.</param>
    TOut Predict(TIn input, out string? id);
}
