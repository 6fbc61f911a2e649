using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Cli.Terminals;
using Tilth.Metrics;
using Tilth.Search;

namespace Tilth.Cli.Commands;

/// <summary>tilth runs: every search that left its folder, how it stands, and how good it is.</summary>
static class RunsCommand
{
    public static Command Build()
    {
        Argument<string> folder = new("folder") { Description = "Where to look, with the folders below it.", DefaultValueFactory = _ => "." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("runs", "List the searches of a folder: what they foresee, how they stand, how good they are.") { folder, json };
        command.SetAction(parsed =>
        {
            string at = parsed.GetValue(folder)!;
            if (!Directory.Exists(at)) throw new SourceException("folder-missing", $"there is no folder '{at}'");
            var terminal = new Terminal(parsed.GetValue(json));
            List<(string Name, RunFolder Run)> runs = [.. RunFolder.All(at).Select(path => (Path.GetRelativePath(at, path), RunFolder.Open(path)))];
            Show(runs, at, terminal);
            terminal.Result(() => new JsonObject { ["ok"] = true, ["runs"] = new JsonArray([.. runs.Select(run => (JsonNode)ToJson(run.Name, run.Run))]) });
            return ExitCode.Ok;
        });
        return command;
    }

    static void Show(List<(string Name, RunFolder Run)> runs, string at, Terminal terminal)
    {
        if (runs.Count == 0)
        {
            terminal.Say($"no runs in '{at}' or the folders below it; `tilth train` leaves one beside its package");
            return;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumns("run", "target", "rows", "trials", "score", "state");
        foreach (var (name, run) in runs)
            table.AddRow(new Text(name), new Text(run.Log!.Head?.Target ?? ""), new Text(run.Log.Head is { } head ? head.Rows.ToString("N0", CultureInfo.InvariantCulture) : ""), new Text(Trials(run.Log)), new Text(Score(run)), new Text(run.State));
        terminal.People.Write(table);
    }

    static string Trials(LogContent log)
    {
        int done = log.Trials.Count(trial => trial.Status == TrialStatus.Done);
        return done == log.Trials.Count ? $"{done}" : $"{done} of {log.Trials.Count}";
    }

    static string Score(RunFolder run)
    {
        if (run.Result is { } result) return $"{result.Evaluation.Headline} {EvaluationView.Format(result.Evaluation.HeadlineScore().Score.Value)} ({EvaluationView.IntervalOf(result.Evaluation.HeadlineScore().Score)})";
        return Best(run.Log!) is { } best ? $"{run.Log!.Head!.Metric} {EvaluationView.Format(best)}, the best trial" : "";
    }

    static double? Best(LogContent log)
        => log.Head is null || log.Trials.Where(trial => trial.Status == TrialStatus.Done).MinBy(trial => trial.Error) is not { } best ? null : MetricCatalog.Find(log.Head.Metric).HigherIsBetter ? -best.Error : best.Error;

    static JsonObject ToJson(string name, RunFolder run) => new()
    {
        ["run"] = name, ["target"] = run.Log!.Head?.Target, ["rows"] = run.Log.Head?.Rows, ["metric"] = run.Log.Head?.Metric, ["seed"] = run.Log.Head?.Seed, ["folds"] = run.Log.Head?.Folds,
        ["done"] = run.Log.Trials.Count(trial => trial.Status == TrialStatus.Done), ["trials"] = run.Log.Trials.Count, ["best"] = Best(run.Log), ["ended"] = run.Log.Ended, ["package"] = run.Result?.Package,
    };
}
