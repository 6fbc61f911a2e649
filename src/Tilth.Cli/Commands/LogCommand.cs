using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.AspNetCore.Logs;
using Tilth.Cli.Terminals;

namespace Tilth.Cli.Commands;

/// <summary>tilth log: what tilth serve wrote down, made into a table, or checked.</summary>
static class LogCommand
{
    public static Command Build() => new("log", "Read what tilth serve wrote down.") { BuildJoin(), BuildVerify() };

    static Command BuildJoin()
    {
        Argument<string> folder = new("folder") { Description = "The folder that was given to tilth serve --log." };
        var output = CommonOptions.Out("The JSON lines to write, a predicted row each; the other verbs read them.");
        output.Required = true;
        Option<string> truth = new("--truth") { Description = "The name that the truth gets, such as the target's.", DefaultValueFactory = _ => "truth" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("join", "Join the predicted rows with what became true of them.") { folder, output, truth, json };
        command.SetAction(parsed =>
        {
            string path = OutputFile.ForWriting(parsed.GetValue(output)!);
            if (!Directory.Exists(parsed.GetValue(folder))) throw new SourceException("log-missing", $"there is no folder '{parsed.GetValue(folder)}'");
            var reader = new LogReader(parsed.GetValue(folder)!);
            OutputFile.Write(path, stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                foreach (var row in reader.Join(parsed.GetValue(truth)!)) writer.Write(row.ToJsonString() + "\n");
            });
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"{reader.Rows} rows, {reader.Joined} with their truth{(reader.TornLines > 0 ? $"; {reader.TornLines} lines were cut off" : "")}: {path}");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["rows"] = reader.Rows, ["joined"] = reader.Joined, ["cutOff"] = reader.TornLines });
            return ExitCode.Ok;
        });
        return command;
    }

    static Command BuildVerify()
    {
        Argument<string> file = new("file") { Description = "audit.jsonl in the folder that was given to tilth serve --store." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("verify", "Check that no line of the audit log was changed or taken out.") { file, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (!File.Exists(path)) throw new SourceException("audit-missing", $"there is no file '{path}'");
            if (AuditLog.FindFault(path) is { } line) throw new SourceException("audit-changed", $"line {line} of '{path}' does not follow from those before it: it, or one before it, was changed or taken out");
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"every line of '{path}' follows from those before it");
            terminal.Result(() => new JsonObject { ["ok"] = true });
            return ExitCode.Ok;
        });
        return command;
    }
}
