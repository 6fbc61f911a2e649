using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Cli.Terminals;
using Tilth.Fitting;
using Tilth.Parallelism;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth compare-data: did the data move between two tables, and by which columns.</summary>
static class CompareDataCommand
{
    const int MostShown = 30;

    public static Command Build()
    {
        Argument<string> first = new("first") { Description = "A table: CSV, TSV, JSON or JSON lines, plain or .gz." };
        Argument<string> second = new("second") { Description = "Another with the same columns." };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("compare-data", "Say whether two tables differ: each column by a test, all together by a model that tells their rows apart.") { first, second, seed, threads, json };
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            using var workers = new WorkerPool(parsed.GetValue(threads));
            var a = TableFiles.Read([parsed.GetValue(first)!], workers, terminal);
            var b = TableFiles.Read([parsed.GetValue(second)!], workers, terminal);
            var comparison = TableComparison.Of(a, b, new FitContext { Seed = parsed.GetValue(seed), Workers = workers });
            Show(comparison, terminal);
            terminal.Result(() => ToJson(comparison));
            return ExitCode.Ok;
        });
        return command;
    }

    static void Show(TableComparison comparison, Terminal terminal)
    {
        terminal.Head(comparison.Sentence);
        if (comparison.OnlyFirst.Count > 0) terminal.Say($"only in the first: {string.Join(", ", comparison.OnlyFirst)}");
        if (comparison.OnlySecond.Count > 0) terminal.Say($"only in the second: {string.Join(", ", comparison.OnlySecond)}");
        var table = new Table().Border(TableBorder.Simple).AddColumns("column", "moved", "PSI", "test", "p (corrected)", "missing");
        foreach (var drift in comparison.Columns.Take(MostShown))
            table.AddRow(new Text(drift.Column), new Text(drift.Mark.ToString().ToLowerInvariant()), new Text(Say($"{drift.Psi:0.000}")), new Text(drift.Test),
                new Text(Say($"{drift.Adjusted:0.0000}")), new Text(Say($"{drift.MissingFirst:P1} -> {drift.MissingSecond:P1}")));
        terminal.People.Write(table);
        if (comparison.TellsApart && comparison.GiveAway.Count > 0) terminal.Say("what tells them apart: " + string.Join(", ", comparison.GiveAway.Take(5).Select(column => Say($"{column.Column} ({column.Share:P0})"))));
    }

    static JsonObject ToJson(TableComparison comparison) => new()
    {
        ["ok"] = true,
        ["sentence"] = comparison.Sentence,
        ["rows"] = new JsonArray(comparison.FirstRows, comparison.SecondRows),
        ["auc"] = comparison.Auc.Value, ["auc_lower"] = comparison.Auc.Lower, ["auc_upper"] = comparison.Auc.Upper, ["chance_p_value"] = comparison.ChancePValue,
        ["columns"] = new JsonArray([.. comparison.Columns.Select(drift => (JsonNode)new JsonObject
        {
            ["column"] = drift.Column, ["moved"] = drift.Mark.ToString().ToLowerInvariant(), ["psi"] = drift.Psi, ["test"] = drift.Test, ["statistic"] = drift.Statistic,
            ["p_value"] = drift.PValue, ["p_corrected"] = drift.Adjusted, ["missing_first"] = drift.MissingFirst, ["missing_second"] = drift.MissingSecond,
        })]),
        ["only_first"] = new JsonArray([.. comparison.OnlyFirst.Select(name => (JsonNode)name)]),
        ["only_second"] = new JsonArray([.. comparison.OnlySecond.Select(name => (JsonNode)name)]),
        ["give_away"] = new JsonArray([.. comparison.GiveAway.Select(column => (JsonNode)new JsonObject { ["column"] = column.Column, ["share"] = column.Share })]),
    };

    static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
