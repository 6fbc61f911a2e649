using System.Globalization;
using System.Text.Json.Nodes;
using Tilth.Cli.Commands;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Honesty;
using Tilth.Walk;

namespace Tilth.Cli.Terminals;

/// <summary>What a training gave, on the terminal and as JSON.</summary>
static class TrainingView
{
    const int Bars = 12;

    public static void Show(TrainingResult result, string path, Terminal terminal)
    {
        foreach (var warning in result.Warnings) Terminal.Warn(warning);
        InspectView.ShowDecisions(result.Decisions, terminal);
        if (result.Leaderboard is { } board) LeaderboardView.Show(board, terminal);
        HonestyView.Show(result.Findings, terminal);
        EvaluationView.Show(result.Evaluation, terminal, verdict: false);
        ShowImportance(result.Importance, terminal);
        GroupOptions.Show(result.Groups, result.Evaluation, terminal);
        terminal.Say($"wrote {path}, version {result.Package.Version}");
    }

    static void ShowImportance(IReadOnlyList<ColumnImportance> importance, Terminal terminal)
    {
        if (importance.Count == 0) return;
        terminal.Head("What moves the prediction");
        int width = importance.Take(Bars).Max(column => column.Column.Length);
        foreach (var (column, share) in importance.Take(Bars))
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"  {column.PadRight(width)}  {new string('█', (int)Math.Round(40 * share / importance[0].Share)),-40} {share,6:P1}"));
        terminal.Say("");
    }

    public static JsonObject ToJson(TrainingResult result, string path) => new()
    {
        ["ok"] = true,
        ["package"] = path,
        ["version"] = result.Package.Version,
        ["sha256"] = result.Package.ContentHash,
        ["rows"] = result.RowCount,
        ["evaluation"] = JsonNode.Parse(EvaluationJson.Write(result.Evaluation)),
        ["leaderboard"] = result.Leaderboard is { } board ? LeaderboardView.ToJson(board) : null,
        ["honesty"] = JsonNode.Parse(FindingsJson.Write(result.Findings)),
        ["groups"] = GroupOptions.ToJson(result.Groups),
        ["importance"] = new JsonArray([.. result.Importance.Select(column => (JsonNode)new JsonObject { ["column"] = column.Column, ["share"] = column.Share })]),
        ["decisions"] = ToJson(result.Decisions),
        ["warnings"] = ToJson(result.Warnings),
    };

    public static JsonArray ToJson(DecisionLog decisions)
        => new([.. decisions.Select(d => (JsonNode)new JsonObject { ["subject"] = d.Subject, ["choice"] = d.Choice, ["evidence"] = d.Evidence })]);

    public static JsonArray ToJson(IEnumerable<Problem> problems) => new([.. problems.Select(problem => (JsonNode)new JsonObject
    {
        ["code"] = problem.Code, ["message"] = problem.Message, ["column"] = problem.Column, ["row"] = problem.Row,
    })]);
}
