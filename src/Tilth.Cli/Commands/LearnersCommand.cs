using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Cli.Terminals;
using Tilth.Learners;

namespace Tilth.Cli.Commands;

/// <summary>tilth learners: what can learn, and with which hyperparameters.</summary>
static class LearnersCommand
{
    public static Command Build()
    {
        Argument<string?> name = new("name") { Description = "Show this learner's hyperparameters; without it, list all learners.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = CommonOptions.Json(), markdown = new("--markdown") { Description = "The hyperparameters as the table in docs/learners." };
        var command = new Command("learners", "The learners, and the hyperparameters of each.") { name, markdown, json };
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            if (parsed.GetValue(name) is not { } asked)
            {
                List(terminal);
                return ExitCode.Ok;
            }
            var entry = LearnerCatalog.Find(asked);
            if (parsed.GetValue(markdown)) Console.Out.Write(ParameterTable.Markdown(entry));
            else Show(entry, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static void List(Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("learner", "", "learns");
        foreach (var entry in LearnerCatalog.All) table.AddRow(entry.Name, Markup.Escape(entry.Title), Tasks(entry));
        terminal.People.Write(table);
        terminal.Say("tilth learners NAME shows the hyperparameters; tilth train ... --learner NAME --set name=value fits one.");
        terminal.Result(() => new JsonObject { ["learners"] = new JsonArray([.. LearnerCatalog.All.Select(Document)]) });
    }

    static void Show(LearnerEntry entry, Terminal terminal)
    {
        terminal.Head($"{entry.Title} ({entry.Name})");
        terminal.Say($"Learns {Tasks(entry)}. Paper, method and costs: docs/learners/{entry.Name}.md");
        var table = new Table().Border(TableBorder.Simple).AddColumns("hyperparameter", "default", "values", "searched", "");
        foreach (var row in ParameterTable.Of(entry)) table.AddRow([.. new[] { row.Name, row.Default, row.Values, row.Searched, row.Help }.Select(Markup.Escape)]);
        terminal.People.Write(table);
        terminal.Result(() => Document(entry));
    }

    static string Tasks(LearnerEntry entry) => string.Join(", ", entry.Traits.Tasks.Select(task => task.ToString().ToLowerInvariant()));

    static JsonObject Document(LearnerEntry entry) => new()
    {
        ["name"] = entry.Name, ["title"] = entry.Title, ["tasks"] = new JsonArray([.. entry.Traits.Tasks.Select(task => (JsonNode)task.ToString().ToLowerInvariant())]),
        ["hyperparameters"] = new JsonArray([.. ParameterTable.Of(entry).Select(row => new JsonObject { ["name"] = row.Name, ["default"] = row.Default, ["values"] = row.Values, ["searched"] = row.Searched, ["help"] = row.Help })]),
    };
}
