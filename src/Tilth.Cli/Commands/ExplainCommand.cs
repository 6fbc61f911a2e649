using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Packaging;
using Tilth.Parallelism;
using Tilth.Reporting;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth explain: why a package predicts what it predicts for single rows, and what would have to be different.</summary>
static class ExplainCommand
{
    public static Command Build()
    {
        var package = CommonOptions.Package();
        var files = CommonOptions.Files("The rows: CSV, TSV, JSON or JSON lines, plain or .gz; - reads the standard input.");
        Option<int> rows = new("--rows") { Description = "Explain the first rows only, this many.", DefaultValueFactory = _ => 5, CustomParser = CommonOptions.Whole("--rows", 1, 100_000) };
        Option<int> columns = new("--columns") { Description = "Name this many columns a row.", DefaultValueFactory = _ => 6, CustomParser = CommonOptions.Whole("--columns", 1, 1000) };
        Option<bool> counterfactual = new("--counterfactual") { Description = "Also say what would have to be different for another decision." };
        Option<string[]> allow = new("--allow") { Description = "Columns that may be different, joined by commas; every column if not given. May repeat." };
        Option<double?> goal = new("--goal") { Description = "What the prediction should reach, instead of another decision; needed for numbers." };
        Option<string?> background = new("--background") { Description = "Rows that stand for what is not known; made up from the package's profile if not given." };
        Option<string> method = new("--method") { Description = "permutation explains any package, on its predictions; interventional is exact for trees (TreeSHAP against the background), on their raw score.", DefaultValueFactory = _ => "permutation" };
        method.AcceptOnlyFromAmong("permutation", "interventional");
        Option<int> orders = new("--orders") { Description = "More make the stated errors smaller and take longer.", DefaultValueFactory = _ => 25, CustomParser = CommonOptions.Whole("--orders", 2, 100_000) };
        Option<string?> html = new("--html") { Description = "Also draw the rows on a page." };
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("explain", "Say why a package predicts what it predicts for single rows, in words, on the table's own columns.") { package, files };
        foreach (Option option in (Option[])[rows, columns, counterfactual, allow, goal, method, background, orders, html, seed, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            string? page = parsed.GetValue(html) is { } asked ? OutputFile.ForWriting(asked) : null;
            var opened = ModelPackage.Open(parsed.GetValue(package)!);
            bool alternatives = parsed.GetValue(counterfactual) || parsed.GetValue(goal) is not null;
            if (alternatives && opened.Target.Task == TaskKind.Regression && parsed.GetValue(goal) is null)
                throw new SchemaException("goal-needed", $"'{opened.Target.Column}' is a number: say with --goal what it should reach");
            var table = TableFiles.Read(parsed.GetValue(files)!, WorkerPool.Single, terminal);
            var request = new ExplainRequest
            {
                Background = parsed.GetValue(background) is { } file ? TableFiles.Read([file], WorkerPool.Single, terminal) : null, Counterfactual = alternatives,
                Method = parsed.GetValue(method) == "interventional" ? ExplainMethod.Interventional : ExplainMethod.Permutation,
                Allow = [.. (parsed.GetValue(allow) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
                Goal = parsed.GetValue(goal), Orders = parsed.GetValue(orders), Seed = parsed.GetValue(seed),
            };
            var warnings = new List<Problem>();
            var explained = new List<RowExplanation>();
            foreach (var row in RowExplanation.Of(opened, table.Slice(0, Math.Min(table.RowCount, parsed.GetValue(rows))), request, warnings))
            {
                explained.Add(row);
                terminal.Head($"row {explained.Count}:");
                foreach (string sentence in ExplanationWords.Of(opened, row, parsed.GetValue(columns))) terminal.Say(sentence);
                terminal.Say("");
            }
            foreach (var warning in warnings) Terminal.Warn(warning);
            if (table.RowCount > explained.Count) terminal.Say($"{table.RowCount - explained.Count} more rows; --rows explains more");
            if (page is not null)
            {
                byte[] drawn = Encoding.UTF8.GetBytes(ExplanationPage.Write(opened, explained));
                OutputFile.Write(page, stream => stream.Write(drawn));
                terminal.Say($"wrote {page}");
            }
            terminal.Result(() => ToJson(opened, explained, page));
            return ExitCode.Ok;
        });
        return command;
    }

    static JsonObject ToJson(ModelPackage package, List<RowExplanation> rows, string? page) => new()
    {
        ["ok"] = true, ["version"] = package.Version, ["html"] = page,
        ["rows"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
        {
            ["prediction"] = row.Stated, ["scale"] = row.Scale, ["score"] = row.Parts.Prediction, ["average"] = row.Parts.Baseline, ["class"] = package.Target.Classes.Count == 0 ? null : package.Target.Classes[package.Target.OutputCount == 1 ? 1 : row.Output],
            ["columns"] = new JsonArray([.. Enumerable.Range(0, row.Parts.Columns.Count).Select(i => (JsonNode)new JsonObject
            {
                ["column"] = row.Parts.Columns[i], ["value"] = row.Values[i], ["moved"] = row.Parts.Values[i], ["standard_error"] = row.Parts.Errors[i],
            })]),
            ["alternatives"] = new JsonArray([.. row.Alternatives.Select(alternative => (JsonNode)new JsonObject
            {
                ["prediction"] = alternative.Prediction,
                ["changes"] = new JsonArray([.. alternative.Changes.Select(change => (JsonNode)new JsonObject { ["column"] = change.Column, ["from"] = change.From, ["to"] = change.To })]),
            })]),
        })]),
    };
}
