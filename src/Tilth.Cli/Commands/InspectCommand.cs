using System.CommandLine;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Parallelism;
using Tilth.Reporting;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth inspect: what is in a table, how it will be read, and what is suspect.</summary>
static class InspectCommand
{
    public static Command Build()
    {
        var files = CommonOptions.Files("The table: CSV, TSV, JSON or JSON lines, plain or .gz; - reads the standard input.");
        var columns = new ColumnOptions();
        Option<string?> write = new("--write-schema") { Description = "Write the schema to this file, to edit and give to `train --schema`; - writes it to the standard output." };
        Option<string?> html = new("--html") { Description = "Also draw the profile on a page." };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("inspect", "Show what is in a table, how each column will be read and why, and what is suspect.") { files };
        columns.AddTo(command);
        foreach (Option option in (Option[])[write, html, threads, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            bool piped = parsed.GetValue(write) == "-";
            if (piped && parsed.GetValue(json)) throw new SourceException("output-needed", "with --json give --write-schema FILE");
            var terminal = new Terminal(parsed.GetValue(json) || piped); // what people read then goes to the standard error
            string? page = parsed.GetValue(html) is { } asked ? OutputFile.ForWriting(asked) : null;
            var request = columns.Read(parsed, targetNeeded: false);
            using var workers = new WorkerPool(parsed.GetValue(threads));
            var table = TableFiles.Read(parsed.GetValue(files)!, workers, terminal, out var decided);
            var inferred = SchemaInference.Infer(table, request with { Reading = decided }, workers);
            var profiles = ColumnProfile.Of(table, inferred.Schema, workers);
            if (parsed.GetValue(write) is { } path)
            {
                if (piped)
                {
                    Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(SchemaJson.Write(inferred.Schema)));
                    return ExitCode.Ok;
                }
                OutputFile.Write(OutputFile.ForWriting(path), stream => stream.Write(SchemaJson.Write(inferred.Schema)));
                terminal.Say($"wrote {path}");
            }
            var suspicions = request.Target is null ? [] : TableLeaks.Look(table, inferred.Schema, workers);
            InspectView.Show(profiles, inferred.Decisions, terminal);
            HonestyView.Show(suspicions, terminal);
            if (page is not null)
            {
                byte[] drawn = System.Text.Encoding.UTF8.GetBytes(DataPage.Write(Path.GetFileName(parsed.GetValue(files)![0]), profiles, inferred.Decisions, suspicions));
                OutputFile.Write(page, stream => stream.Write(drawn));
                terminal.Say($"wrote {page}");
            }
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
