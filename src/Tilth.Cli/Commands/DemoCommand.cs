using System.CommandLine;
using System.Globalization;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Data.Sources;
using Tilth.Parallelism;
using Tilth.Prediction;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth demo: the whole walk on a table that it makes itself.</summary>
static class DemoCommand
{
    const int NewRows = 3, TestRows = 1000, Reasons = 4;

    public static Command Build()
    {
        Option<string> sample = new("--sample") { Description = $"Which table to make: {string.Join(", ", SampleCatalog.All.Select(sample => sample.Name))}.", DefaultValueFactory = _ => SampleCatalog.All[0].Name };
        var output = CommonOptions.Out("The folder to write to; tilth-demo if not given.");
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("demo", "Make a sample table, train, test, write a report and a package, and predict new rows.") { sample, output, seed, threads, json };
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            using var workers = new WorkerPool(parsed.GetValue(threads));
            using var stop = new StopSignal();
            string folder = FolderFor(parsed.GetValue(output) ?? "tilth-demo"), name = parsed.GetValue(sample)!;
            var made = SampleCatalog.Make(name);
            string train = Write(Path.Combine(folder, $"{name}.csv"), made.Table, terminal);
            string test = Write(Path.Combine(folder, $"{name}-later.csv"), SampleCatalog.Make(name, TestRows, seed: 2).Table, terminal);

            terminal.Head($"tilth train {name}.csv --target {made.Target}");
            var table = TableFiles.Read([train], workers, terminal);
            var result = TrainCommand.Run(Training.For(made.Target), table, null, parsed.GetValue(seed), workers, stop);
            string package = Path.Combine(folder, $"{name}.tilth"), report = Path.Combine(folder, $"{name}.html");
            PackageFile.Save(result.Package, package);
            TrainingView.Show(result, package, terminal);
            ReportCommand.Write(result.Package, Path.GetFileName(package), report);
            terminal.Say($"wrote {report}");

            terminal.Head($"tilth evaluate {name}.tilth {name}-later.csv");
            var evaluation = PackageEvaluation.Of(result.Package, TableFiles.Read([test], workers, terminal), parsed.GetValue(seed), workers, out _);
            terminal.Say(EvaluationView.Headline(evaluation));

            terminal.Say("");
            terminal.Head($"Three new rows, and what moved each ({UnitOf(result.Package.Target)})");
            ShowRows(result.Package, SampleCatalog.Make(name, NewRows, seed: 3).Table.Without(made.Target), terminal);
            terminal.Say($"Open {report} in a browser to read all of it.");
            terminal.Result(() => TrainingView.ToJson(result, package));
            return stop.Pressed ? ExitCode.Stopped : ExitCode.Ok;
        });
        return command;
    }

    static string FolderFor(string path)
    {
        if (path.Length == 0 || File.Exists(path)) throw new SourceException("output-file", $"--out is '{path}', but must be a folder to write to");
        string full = Path.GetFullPath(path);
        OutputFile.Guard(path, () => Directory.CreateDirectory(full));
        return full;
    }

    static string Write(string path, Table table, Terminal terminal)
    {
        OutputFile.Write(path, stream =>
        {
            using var csv = new CsvWriter(stream);
            csv.Write(table);
        });
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"made {path}: {table.RowCount:N0} rows x {table.Columns.Count} columns"));
        return path;
    }

    static string UnitOf(TargetSchema target) => target.Task switch
    {
        TaskKind.Regression => $"in units of {target.Column}",
        TaskKind.Binary => $"in log odds of '{target.Classes[^1]}'",
        _ => "in log odds of the class that is foreseen",
    };

    static void ShowRows(Packaging.ModelPackage package, Table rows, Terminal terminal)
    {
        var predictor = new Predictor(package);
        var predicted = predictor.Predict(rows);
        var outputs = predicted.ToTable();
        var reasons = predictor.Explain(rows, predicted);
        for (int row = 0; row < rows.RowCount; row++)
        {
            terminal.Say($"row {row + 1}: {string.Join(", ", outputs.Columns.Select(column => $"{column.Name} {Shown(column, row)}"))}");
            foreach (var (column, contribution) in reasons[row].Take(Reasons))
                terminal.Say(string.Create(CultureInfo.InvariantCulture, $"    {(contribution >= 0 ? '+' : '-')} {column} = {rows[column].Format(row) ?? "missing"} ({contribution:+0.###;-0.###})"));
        }
    }

    static string? Shown(Column column, int row) => column is NumberColumn numbers ? EvaluationView.Format(numbers.Values.Span[row]) : column.Format(row);
}
