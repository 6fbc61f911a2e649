using System.Globalization;
using System.Text.Json.Nodes;
using Tilth.Evaluation;
using Tilth.Search;

namespace Tilth.Cli.Terminals;

/// <summary>What a search tried, on the terminal and as JSON.</summary>
static class LeaderboardView
{
    const int Rows = 15, ModelWidth = 60;

    public static void Show(Leaderboard board, Terminal terminal)
    {
        terminal.Head($"Leaderboard by {board.Metric}, out of fold");
        terminal.Say($"  {"score",9} {"95 % interval",-19} {"difference from the simplest",-29} {"share",6} {"fit",8} {"size",9}  model");
        terminal.Say(Line(board.Blend, board.BlendDifference, "", "", "", "the blend, on rows that its choice did not see"));
        foreach (var row in board.Rows.Take(Rows))
            terminal.Say(Line(row.Score, row.Difference, row.Weight > 0 ? row.Weight.ToString("P0", CultureInfo.InvariantCulture) : "", Seconds(row.FitSeconds), Size(row.Bytes), row.Model.Length > ModelWidth ? row.Model[..(ModelWidth - 1)] + "…" : row.Model));
        if (board.Rows.Count > Rows) terminal.Say($"  and {board.Rows.Count - Rows} more");
        foreach (var group in board.Others.GroupBy(other => other.Why.Split(':')[0]).Where(group => group.Key.Length > 0).Take(5))
            terminal.Say($"  {group.Count()} not finished: {group.First().Model}: {group.First().Why}");
        terminal.Say($"  {board.Recommendation}");
        terminal.Say("");
    }

    public static JsonObject ToJson(Leaderboard board) => new()
    {
        ["metric"] = board.Metric, ["simplest"] = board.Simplest, ["recommendation"] = board.Recommendation, ["blend"] = ToJson(board.Blend), ["blendDifference"] = ToJson(board.BlendDifference),
        ["models"] = new JsonArray([.. board.Rows.Select(row => (JsonNode)new JsonObject
        {
            ["model"] = row.Model, ["score"] = ToJson(row.Score), ["difference"] = ToJson(row.Difference), ["weight"] = row.Weight, ["seconds"] = row.FitSeconds, ["bytes"] = row.Bytes, ["models"] = row.Models,
        })]),
        ["others"] = new JsonArray([.. board.Others.Select(other => (JsonNode)new JsonObject { ["model"] = other.Model, ["why"] = other.Why })]),
    };

    static JsonArray ToJson(Interval interval)
        => new([.. ((double[])[interval.Value, interval.Lower, interval.Upper]).Select(value => double.IsFinite(value) ? (JsonNode)value : null)]);

    static string Line(Interval score, Interval difference, string share, string seconds, string size, string model) => string.Create(CultureInfo.InvariantCulture,
        $"  {score.Value,9:G5} {$"{score.Lower:G4} to {score.Upper:G4}",-19} {$"{difference.Value:+0.####;-0.####;0} ({difference.Lower:+0.####;-0.####;0} to {difference.Upper:+0.####;-0.####;0})",-29} {share,6} {seconds,8} {size,9}  {model}");

    static string Seconds(double seconds) => seconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s");

    static string Size(long bytes) => bytes < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} kB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MB");
}
