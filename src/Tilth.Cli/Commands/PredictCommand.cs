using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Parallelism;
using Tilth.Prediction;

namespace Tilth.Cli.Commands;

/// <summary>tilth predict: any number of rows, chunk by chunk in constant memory.</summary>
static class PredictCommand
{
    public static Command Build()
    {
        var package = CommonOptions.Package();
        var files = CommonOptions.Files("Rows to predict: CSV, TSV, JSON or JSON lines, plain or .gz; - reads the standard input.");
        var output = CommonOptions.Out("Where the predictions go (.csv or .tsv); the standard output if not given.");
        Option<int> explain = new("--explain") { Description = "Also write the columns that moved each row most, this many.", DefaultValueFactory = _ => 0, CustomParser = CommonOptions.Whole("--explain", 0, 1000) };
        Option<string[]> keep = new("--keep") { Description = "A column of the input to repeat beside the predictions; identifiers are kept anyway. May repeat." };
        Option<double?> sure = new("--sure") { Description = "Write \"cannot say\" instead of a class where the set of that coverage (such as 90) is not a single class." };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("predict", "Predict rows with a package.") { package, files, output, explain, keep, sure, threads, json };
        command.SetAction(parsed =>
        {
            var predictor = Predictor.Open(parsed.GetValue(package)!);
            if (parsed.GetValue(explain) > 0 && !predictor.CanExplain)
                throw new SchemaException("explain-impossible", $"the models of '{parsed.GetValue(package)}' cannot say which columns moved a row; leave --explain out");
            string? path = parsed.GetValue(output) is { } given ? OutputFile.ForWriting(given) : null;
            if (path is null && parsed.GetValue(json)) throw new SourceException("output-needed", "with --json give --out FILE for the predictions");
            using var workers = new WorkerPool(parsed.GetValue(threads));
            using var stop = new StopSignal();
            var warnings = new WarningTally();
            long rows = 0;
            using (var predictions = new PredictionFile(path))
            {
                foreach (var chunk in TableReader.ReadChunks(parsed.GetValue(files)!, new ReadOptions(), predictor.Package.Schema, workers))
                {
                    stop.Cancellation.ThrowIfCancellationRequested();
                    predictions.Write(PredictChunk(predictor, chunk, parsed.GetValue(keep) ?? [], parsed.GetValue(explain), parsed.GetValue(sure), warnings));
                    rows += chunk.RowCount;
                    if (stop.Pressed) break;
                }
                predictions.Commit();
            }
            foreach (var warning in warnings.Problems) Terminal.Warn(warning);
            var terminal = new Terminal(parsed.GetValue(json));
            if (path is not null) terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{(stop.Pressed ? "stopped after" : "predicted")} {rows:N0} rows with version {predictor.Package.Version}; wrote {path}"));
            terminal.Result(() => new JsonObject
            {
                ["ok"] = true, ["complete"] = !stop.Pressed, ["rows"] = rows, ["out"] = path, ["version"] = predictor.Package.Version, ["warnings"] = TrainingView.ToJson(warnings.Problems),
            });
            return stop.Pressed ? ExitCode.Stopped : ExitCode.Ok;
        });
        return command;
    }

    static Table PredictChunk(Predictor predictor, Table chunk, string[] keep, int explain, double? sure, WarningTally warnings)
    {
        var predicted = predictor.Predict(chunk);
        warnings.Add(predicted.Warnings);
        var outputs = sure is { } percent ? OnlySure(predicted, percent / 100) : predicted.ToTable();
        var kept = predictor.Package.Schema.Columns.Where(column => column.Role == ColumnRole.Identifier).Select(column => chunk.Find(column.Name)).OfType<Column>()
            .Concat(keep.Select(name => chunk[name])).DistinctBy(column => column.Name)
            .Select(column => outputs.Find(column.Name) is null ? column : column.Rename(column.Name + "_input"));
        IEnumerable<Column> reasons = explain == 0 ? [] : Reasons(predictor.Explain(chunk, predicted), explain);
        return new Table([.. kept, .. outputs.Columns, .. reasons]);
    }

    /// <summary>The predictions with "cannot say" where the set of that coverage is not a single class.</summary>
    static Table OnlySure(TablePredictions predicted, double coverage)
    {
        bool[] isSure = predicted.IsSure(coverage);
        var table = predicted.ToTable();
        var decided = table.Columns[0];
        return new([TextColumn.From(decided.Name, [.. isSure.Select((known, row) => known ? decided.Format(row) : "cannot say")]), .. table.Columns.Skip(1)]);
    }

    static IEnumerable<Column> Reasons(IReadOnlyList<Contribution>[] rows, int most)
    {
        for (int i = 0; i < most; i++)
        {
            int rank = i;
            yield return TextColumn.From($"reason_{rank + 1}", [.. rows.Select(row => rank < row.Count ? row[rank].Column : null)]);
            yield return new NumberColumn($"reason_{rank + 1}_contribution", rows.Select(row => rank < row.Count ? row[rank].Amount : double.NaN).ToArray());
        }
    }
}
