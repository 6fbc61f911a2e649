using System.CommandLine;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Evaluation;
using Tilth.Packaging;
using Tilth.Parallelism;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth evaluate: how good a package is on rows of the user's own.</summary>
static class EvaluateCommand
{
    public static Command Build()
    {
        var package = CommonOptions.Package();
        var files = CommonOptions.Files("Rows with the target: CSV, TSV, JSON or JSON lines, plain or .gz.");
        Option<string[]> gates = new("--gate") { Description = "What must hold, such as \"auc.lower>=0.8\"; else the exit code is 2. May repeat." };
        var ledger = new LedgerOption();
        Option<string[]> groups = GroupOptions.Groups();
        Option<double?> mostGap = GroupOptions.MostGap();
        Option<bool> shuffle = new("--importance") { Description = "Also say how much worse the score becomes if a column's values are shuffled, column by column." };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("evaluate", "Say how good a package is on rows that it did not learn from; hold it to gates.") { package, files, gates, groups, mostGap, shuffle, seed, threads, json };
        ledger.AddTo(command);
        command.SetAction(parsed =>
        {
            var conditions = (parsed.GetValue(gates) ?? []).Select(Gate.Parse).ToList();
            var terminal = new Terminal(parsed.GetValue(json));
            using var workers = new WorkerPool(parsed.GetValue(threads));
            var opened = ModelPackage.Open(parsed.GetValue(package)!);
            var table = TableFiles.Read(parsed.GetValue(files)!, workers, terminal);
            var byGroup = GroupStep.Of(opened, table, GroupOptions.Names(parsed.GetValue(groups)));
            if (parsed.GetValue(mostGap) is not null && byGroup.Count == 0) throw new LearningException("groups-needed", "--max-gap compares groups: say of which columns with --groups");
            var evaluation = PackageEvaluation.Of(opened, table, parsed.GetValue(seed), workers, out var warnings);
            foreach (var warning in warnings) Terminal.Warn(warning);
            int? openedBefore = ledger.Open(parsed, parsed.GetValue(files)!, table, opened.Version, evaluation);
            EvaluationView.Show(evaluation, terminal);
            GroupOptions.Show(byGroup, evaluation, terminal);
            var importance = parsed.GetValue(shuffle) ? PackageEvaluation.ImportanceOf(opened, table, parsed.GetValue(seed), workers) : [];
            EvaluationView.Show(importance, evaluation, terminal);
            var results = conditions.SelectMany(gate => gate.Check(evaluation)).Concat(GroupOptions.Check(byGroup, parsed.GetValue(mostGap))).ToList();
            foreach (var result in results) terminal.Say($"{(result.Passed ? "gate holds" : "GATE FAILED")}: {result.Sentence}");
            terminal.Result(() => new JsonObject
            {
                ["ok"] = results.All(result => result.Passed),
                ["package"] = opened.Version,
                ["evaluation"] = JsonNode.Parse(EvaluationJson.Write(evaluation)),
                ["groups"] = GroupOptions.ToJson(byGroup),
                ["importance"] = new JsonArray([.. importance.Select(one => (JsonNode)new JsonObject { ["column"] = one.Column, ["loss"] = one.Loss.Value, ["lower"] = Finite(one.Loss.Lower), ["upper"] = Finite(one.Loss.Upper) })]),
                ["opened_before"] = openedBefore,
                ["gates"] = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject { ["holds"] = result.Passed, ["sentence"] = result.Sentence })]),
                ["warnings"] = TrainingView.ToJson(warnings),
            });
            return results.All(result => result.Passed) ? ExitCode.Ok : ExitCode.GateFailed;
        });
        return command;
    }

    static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
