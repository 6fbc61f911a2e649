using System.Collections.Concurrent;
using Tilth.Data;

namespace Tilth.Prediction;

/// <summary>Predicts rows of a type. Immutable and thread-safe; beyond the answer itself a call allocates nothing.</summary>
/// <typeparam name="TIn">The row's type.</typeparam>
/// <typeparam name="TOut">The answer's type.</typeparam>
public sealed class TypedPredictor<TIn, TOut> where TIn : IModelInput where TOut : IModelOutput<TOut>
{
    const int MostOnStack = 256;

    readonly ConcurrentBag<PredictorRow> idle = [];
    readonly int[] columns;

    /// <summary>Predicts with a predictor's package.</summary>
    /// <exception cref="SchemaException">The package's schema is not the one that the types were made for; says what differs.</exception>
    public TypedPredictor(Predictor predictor)
    {
        SchemaContract.Check(predictor.Package.Schema, TIn.Contract, typeof(TIn).Name);
        Predictor = predictor;
        columns = [.. Enumerable.Range(0, predictor.Columns.Count).Where(column => predictor.Columns[column].Role == ColumnRole.Feature)];
    }

    /// <summary>What predicts.</summary>
    public Predictor Predictor { get; }

    /// <summary>Predicts one row.</summary>
    public TOut Predict(TIn input)
    {
        if (!idle.TryTake(out var row)) row = Predictor.NewRow();
        Fill(input, row);
        Span<double> outputs = Predictor.OutputCount <= MostOnStack ? stackalloc double[Predictor.OutputCount] : new double[Predictor.OutputCount];
        Predictor.Predict(row, outputs);
        var answer = TOut.From(Predictor, row, outputs);
        idle.Add(row);
        return answer;
    }

    /// <summary>Sets a row of the predictor.</summary>
    internal void Fill(TIn input, PredictorRow row)
    {
        row.Clear();
        input.Fill(row, columns);
    }
}
