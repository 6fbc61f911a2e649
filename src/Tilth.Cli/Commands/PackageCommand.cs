using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Packaging;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth package: what is inside a package, and whether every byte is as it was.</summary>
static class PackageCommand
{
    public static Command Build()
    {
        var command = new Command("package", "Look into a package.");
        command.Subcommands.Add(BuildShow());
        command.Subcommands.Add(BuildVerify());
        return command;
    }

    static Command BuildShow()
    {
        var package = CommonOptions.Package();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("show", "What the package foresees, from which columns, how well.") { package, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!;
            var opened = ModelPackage.Open(path);
            var terminal = new Terminal(parsed.GetValue(json));
            var target = opened.Target;
            terminal.Head($"{Path.GetFileName(path)}, version {opened.Version}");
            terminal.Say($"foresees '{target.Column}' ({target.Task.ToString().ToLowerInvariant()}){(target.Classes.Count > 0 ? ": " + string.Join(", ", target.Classes.Take(12)) : "")}");
            var columns = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumns("column", "kind", "seen in training");
            foreach (var column in opened.Schema.Features) columns.AddRow(new Text(column.Name), new Text(column.Kind.ToString().ToLowerInvariant()), new Text(SeenIn(column)));
            terminal.People.Write(columns);
            if (PackagedEvaluation.Of(opened) is { } evaluation) EvaluationView.Show(evaluation, terminal);
            terminal.Result(() => new JsonObject
            {
                ["ok"] = true, ["version"] = opened.Version, ["sha256"] = opened.ContentHash, ["target"] = target.Column, ["task"] = target.Task.ToString().ToLowerInvariant(),
                ["schema"] = JsonNode.Parse(SchemaJson.Write(opened.Schema)),
                ["documents"] = new JsonObject([.. opened.Documents.Select(document => KeyValuePair.Create(document.Key, JsonNode.Parse(document.Value.Span)))]),
            });
            return ExitCode.Ok;
        });
        return command;
    }

    static string SeenIn(ColumnSchema column) => column.Kind switch
    {
        ColumnKind.Category => $"{column.Levels.Count} levels: {string.Join(", ", Enumerable.Range(0, Math.Min(5, column.Levels.Count)).Select(column.Levels.NameOf))}{(column.Levels.Count > 5 ? ", ..." : "")}",
        ColumnKind.Number when !double.IsNaN(column.Min) => FormattableString.Invariant($"{column.Min:G6} to {column.Max:G6}"),
        ColumnKind.DateTime when !double.IsNaN(column.Min) => $"{new DateTime((long)column.Min):yyyy-MM-dd} to {new DateTime((long)column.Max):yyyy-MM-dd}",
        _ => "",
    };

    static Command BuildVerify()
    {
        var package = CommonOptions.Package();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("verify", "Check every byte and predict the golden rows that the package carries.") { package, json };
        command.SetAction(parsed =>
        {
            var opened = ModelPackage.Open(parsed.GetValue(package)!);
            opened.Verify();
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"version {opened.Version}: every checksum is right, and the golden rows are predicted to the bit");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["version"] = opened.Version, ["sha256"] = opened.ContentHash });
            return ExitCode.Ok;
        });
        return command;
    }
}
