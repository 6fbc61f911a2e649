using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Metrics;
using Tilth.Search;

namespace Tilth.Cli.Commands;

/// <summary>tilth leaderboard: every model that a search tried, the best first.</summary>
static class LeaderboardCommand
{
    const int Rows = 30;

    public static Command Build()
    {
        Argument<string> of = new("run") { Description = "The folder of a run, or a package that a search made." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("leaderboard", "Show every model that a search tried, the best first, beside the simplest one.") { of, json };
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            var run = RunFolder.Open(parsed.GetValue(of)!);
            if (run.Board is { } board)
            {
                LeaderboardView.Show(board, terminal);
                terminal.Result(() => new JsonObject { ["ok"] = true, ["leaderboard"] = LeaderboardView.ToJson(board) });
                return ExitCode.Ok;
            }
            if (run.Log is not { Head: { } head } log) throw new LearningException("leaderboard-none", $"'{run.Path}' has no leaderboard: it was made without a search");
            bool higher = MetricCatalog.Find(head.Metric).HigherIsBetter;
            var trials = log.Trials.OrderBy(trial => trial.Status == TrialStatus.Done ? 0 : 1).ThenBy(trial => trial.Error).ThenBy(trial => trial.Number).ToList();
            terminal.Head($"Trials by {head.Metric}, out of fold; the run {run.State}");
            foreach (var trial in trials.Take(Rows))
                terminal.Say(string.Create(CultureInfo.InvariantCulture, $"  {(double.IsFinite(trial.Error) ? (higher ? -trial.Error : trial.Error).ToString("G5", CultureInfo.InvariantCulture) : ""),9} {trial.Seconds,8:F1} s  {trial.Candidate.Key}{(trial.Status == TrialStatus.Done ? "" : $"  ({trial.Status.ToString().ToLowerInvariant()}: {trial.Reason})")}"));
            terminal.Result(() => new JsonObject
            {
                ["ok"] = true, ["metric"] = head.Metric, ["trials"] = new JsonArray([.. trials.Select(trial => (JsonNode)new JsonObject
                {
                    ["number"] = trial.Number, ["model"] = trial.Candidate.Key, ["repeat"] = trial.Repeat, ["status"] = trial.Status.ToString().ToLowerInvariant(), ["score"] = double.IsFinite(trial.Error) ? (higher ? -trial.Error : trial.Error) : null,
                    ["seconds"] = trial.Seconds, ["reason"] = trial.Reason,
                })]),
            });
            return ExitCode.Ok;
        });
        return command;
    }
}
