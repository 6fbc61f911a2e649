using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Cli.Terminals;
using Tilth.Evaluation;
using Tilth.Honesty;
using Tilth.Reporting.Charts;

namespace Tilth.Cli.Commands;

/// <summary>How predictions do for groups of rows: asked for, shown, and held to a limit.</summary>
static class GroupOptions
{
    public static Option<string[]> Groups() => new("--groups") { Description = "Columns by which errors are measured group by group, joined by commas; they need not be features. May repeat." };

    public static Option<double?> MostGap() => new("--max-gap")
    {
        Description = "How far groups may lie apart in what is found, falsely called and rightly called, such as 0.1; else the exit code is 2.",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double limit) && limit is >= 0 and <= 1) return limit;
            result.AddError($"--max-gap is '{result.Tokens[0].Value}', but must be a number from 0 to 1");
            return null;
        },
    };

    public static string[] Names(string[]? given) => [.. (given ?? []).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];

    /// <summary>Each gap that is larger than allowed, or the largest that is not; how often the model calls is no error and is not held.</summary>
    public static IEnumerable<GateResult> Check(IReadOnlyList<GroupFindings> groups, double? most)
    {
        if (most is not { } limit) yield break;
        foreach (var group in groups)
            foreach (var gap in group.Gaps.Where(gap => gap.Measure is not ("called" or "mean absolute error")))
                yield return new(gap.Gap.Value <= limit, $"{group.Column}: {gap.Measure} differs by {Numbers.Percent(gap.Gap.Value)} between '{gap.High}' and '{gap.Low}', {(gap.Gap.Value <= limit ? "at most" : "but must be at most")} {Numbers.Percent(limit)}");
    }

    public static void Show(IReadOnlyList<GroupFindings> groups, Evaluation.Evaluation evaluation, Terminal terminal)
    {
        foreach (var findings in groups)
        {
            terminal.Head($"Groups of '{findings.Column}'");
            string[] heads = evaluation.Classes.Count == 2 ? ["positive", "stated", "called", "found", "false alarms", "calls right"] : evaluation.Classes.Count > 2 ? ["named right"] : ["mean, true", "mean, predicted", "mean error size"];
            var table = new Table().Border(TableBorder.Simple).AddColumns(["group", "rows", .. heads]);
            foreach (var group in findings.Groups)
                table.AddRow([new Text(group.Name), new Text(Numbers.Count(group.Rows)), .. (evaluation.Classes.Count switch
                {
                    2 => (string[])[Share(group.Actual), Share(group.Foreseen), Share(group.Called), Share(group.Found), Share(group.FalseAlarms), Share(group.Right)],
                    > 2 => [Share(group.Found)],
                    _ => [Numbers.Short(group.Actual.Value), Numbers.Short(group.Foreseen.Value), Numbers.Short(group.Right.Value)],
                }).Select(cell => new Text(cell))]);
            terminal.People.Write(table);
            if (findings.HiddenRows > 0) terminal.Say($"{Numbers.Count(findings.HiddenRows)} rows of groups with fewer than 10 are not shown");
        }
    }

    public static JsonArray ToJson(IReadOnlyList<GroupFindings> groups) => JsonNode.Parse(GroupJson.Write(groups))!.AsArray();

    static string Share(Interval value) => double.IsNaN(value.Value) ? "" : $"{Numbers.Whole(value.Value)} ({100 * value.Lower:0}-{100 * value.Upper:0})";
}
