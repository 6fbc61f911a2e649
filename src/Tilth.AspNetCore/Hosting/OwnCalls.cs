using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;
using Tilth.Data;
using Tilth.Prediction;

namespace Tilth.AspNetCore.Hosting;

/// <summary>
/// What the application's own code predicts: answered with a slot of the package as calls over HTTP are, counted, and written
/// down where the host asks for it. Without a log a row of a type allocates nothing beyond its answer. Thread-safe.
/// </summary>
internal sealed class OwnCalls(ServedModel model, PredictionLog log)
{
    public ServedModel Model => model;

    public RowPrediction Predict(IReadOnlyDictionary<string, object?> values, out string? id)
    {
        var package = model.Deployment.Production;
        var predictor = package.Predictor;
        using var activity = Telemetry.Source.StartActivity(Telemetry.Predict);
        var (slot, started, rows) = Begin(package);
        try
        {
            Predictor.Fill(slot.Row, values);
            foreach (var (name, value) in values) slot.Claim(predictor.IndexOf(name), value);
            var warnings = slot.Predict();
            id = Note(package, slot, warnings);
            var answer = predictor.Describe(slot.Outputs, warnings);
            rows = 1;
            return answer;
        }
        finally
        {
            End(package, slot, started, rows);
        }
    }

    public TOut Predict<TIn, TOut>(ServedPackage package, TypedPredictor<TIn, TOut> typed, TIn input, out string? id) where TIn : IModelInput where TOut : IModelOutput<TOut>
    {
        using var activity = Telemetry.Source.StartActivity(Telemetry.Predict);
        var (slot, started, rows) = Begin(package);
        try
        {
            typed.Fill(input, slot.Row);
            slot.ClaimAll();
            id = Note(package, slot, slot.Predict());
            var answer = TOut.From(package.Predictor, slot.Row, slot.Outputs);
            rows = 1;
            return answer;
        }
        finally
        {
            End(package, slot, started, rows);
        }
    }

    public TablePredictions Predict(Table table, out IReadOnlyList<string> ids)
    {
        var package = model.Deployment.Production;
        using var activity = Telemetry.Source.StartActivity(Telemetry.Predict);
        var (slot, started, rows) = Begin(package);
        try
        {
            var predictions = package.Predictor.Predict(table);
            ids = log.TakesOwnCalls ? Note(package, slot, table, predictions) : [];
            rows = predictions.RowCount;
            return predictions;
        }
        finally
        {
            End(package, slot, started, rows);
        }
    }

    static (RowSlot Slot, long Started, int Rows) Begin(ServedPackage package)
    {
        var slot = package.Rent();
        slot.BeginCall();
        slot.BeginRow();
        return (slot, Stopwatch.GetTimestamp(), -1);
    }

    /// <param name="package">Gets the slot back.</param>
    /// <param name="slot">Counted the warned rows.</param>
    /// <param name="started">When.</param>
    /// <param name="rows">Rows answered, or -1.</param>
    void End(ServedPackage package, RowSlot slot, long started, int rows)
    {
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (rows >= 0) model.CountRows(rows, slot.WarnedRows);
        package.Return(slot);
        model.OwnCalls.Count(rows >= 0 ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError, elapsed);
        Telemetry.OwnCall(model.Name, elapsed, failed: rows < 0);
    }

    string? Note(ServedPackage package, RowSlot slot, IReadOnlyList<Problem> warnings)
    {
        if (!log.TakesOwnCalls) return null;
        Span<char> buffer = stackalloc char[32];
        var id = buffer[..log.NextId(buffer, out bool chosen)];
        if (chosen)
        {
            RowRecord.Append(log, id, model.Name, package, slot, slot.Predictor.Decide(slot.Outputs), warnings);
            log.Offer(slot.LogLines.WrittenSpan, slot.LogCount);
        }
        return id.ToString();
    }

    string[] Note(ServedPackage package, RowSlot slot, Table table, TablePredictions predictions)
    {
        var ids = new string[table.RowCount];
        Column?[] columns = [.. slot.Predictor.Columns.Select(column => table.Find(column.Name))];
        for (int row = 0; row < ids.Length; row++)
        {
            slot.BeginCall();
            slot.BeginRow();
            for (int c = 0; c < columns.Length; c++)
            {
                if (columns[c] is not { } column || slot.Predictor.Columns[c].Role != ColumnRole.Feature) continue;
                string? text = column.Format(row);
                if (text is null) slot.Row.SetMissing(c);
                else slot.Row.Set(c, text);
                slot.Claim(c, text);
            }
            predictions.Values.AsSpan(row * predictions.OutputCount, predictions.OutputCount).CopyTo(slot.Outputs);
            ids[row] = Note(package, slot, slot.Warnings())!;
        }
        return ids;
    }
}
