using System.Globalization;
using System.Text.Json.Nodes;
using Tilth.Honesty;
using Tilth.Honesty.Leaks;
using Tilth.Reporting;

namespace Tilth.Cli.Terminals;

/// <summary>How far a score can be trusted, on the terminal and as JSON.</summary>
static class HonestyView
{
    public static void Show(IReadOnlyList<Suspicion> suspicions, Terminal terminal)
    {
        foreach (var suspicion in suspicions) terminal.Say($"leak? {suspicion.Evidence}. {suspicion.Advice}");
    }

    public static void Show(Findings findings, Terminal terminal)
    {
        if (findings.Verdict is { } verdict)
        {
            terminal.Head($"Verdict: {verdict.Mark.ToString().ToLowerInvariant()}");
            terminal.Say(verdict.Sentence);
            terminal.Say(verdict.Enough);
            terminal.Say(verdict.Optimism);
        }
        if (findings.Costs is { } costs)
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Deciding from a probability of {costs.Threshold:0.###} on costs {costs.Cost.Value:0.####} a row (95 %: {costs.Cost.Lower:0.####} to {costs.Cost.Upper:0.####}); "
                + $"at 0.5 {costs.CostAtHalf:0.####}, always yes {costs.CostOfAll:0.####}, always no {costs.CostOfNone:0.####}. That saves {costs.Saving.Value:0.####} a row (95 %: {costs.Saving.Lower:0.####} to {costs.Saving.Upper:0.####}) against treating all alike."));
        if (findings.Goal is { } goal) terminal.Say(ReportWords.Goal(goal));
        foreach (var question in findings.Questions) terminal.Say(question.Sentence());
        foreach (string sentence in findings.Issues?.Sentences() ?? []) terminal.Say(sentence);
        terminal.Say("");
    }

    public static JsonArray ToJson(IReadOnlyList<Suspicion> suspicions) => new([.. suspicions.Select(suspicion => (JsonNode)new JsonObject
    {
        ["kind"] = suspicion.Kind.ToString(), ["column"] = suspicion.Column, ["left_out"] = suspicion.LeftOut, ["evidence"] = suspicion.Evidence, ["advice"] = suspicion.Advice,
    })]);
}
