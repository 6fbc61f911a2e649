using System.CommandLine;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Parallelism;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth inspect: what is in a table, how it will be read, and what is suspect.</summary>
static class InspectCommand
{
    public static Command Build()
    {
        var files = CommonOptions.Files("The table: CSV, TSV, JSON or JSON lines, plain or .gz; - reads the standard input.");
        var columns = new ColumnOptions();
        Option<string?> write = new("--write-schema") { Description = "Write the schema to this file, to edit and give to `train --schema`." };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("inspect", "Show what is in a table, how each column will be read and why, and what is suspect.") { files };
        columns.AddTo(command);
        foreach (Option option in (Option[])[write, threads, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            var request = columns.Read(parsed, targetNeeded: false);
            using var workers = new WorkerPool(parsed.GetValue(threads));
            var table = TableFiles.Read(parsed.GetValue(files)!, workers, terminal, out var decided);
            var inferred = SchemaInference.Infer(table, request with { Reading = decided }, workers);
            var profiles = ColumnProfile.Of(table, inferred.Schema, workers);
            if (parsed.GetValue(write) is { } path)
            {
                OutputFile.Write(OutputFile.ForWriting(path), stream => stream.Write(SchemaJson.Write(inferred.Schema)));
                terminal.Say($"wrote {path}");
            }
            var suspicions = request.Target is null ? [] : TableLeaks.Look(table, inferred.Schema, workers);
            InspectView.Show(profiles, inferred.Decisions, terminal);
            HonestyView.Show(suspicions, terminal);
            terminal.Result(() =>
            {
                var document = InspectView.ToJson(table.RowCount, profiles, inferred);
                document["leaks"] = HonestyView.ToJson(suspicions);
                return document;
            });
            return ExitCode.Ok;
        });
        return command;
    }
}
