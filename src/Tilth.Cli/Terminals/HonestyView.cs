using System.Text.Json.Nodes;
using Tilth.Honesty.Leaks;

namespace Tilth.Cli.Terminals;

/// <summary>How far a score can be trusted, on the terminal and as JSON.</summary>
static class HonestyView
{
    public static void Show(IReadOnlyList<Suspicion> suspicions, Terminal terminal)
    {
        foreach (var suspicion in suspicions) terminal.Say($"leak? {suspicion.Evidence}. {suspicion.Advice}");
    }

    public static JsonArray ToJson(IReadOnlyList<Suspicion> suspicions) => new([.. suspicions.Select(suspicion => (JsonNode)new JsonObject
    {
        ["kind"] = suspicion.Kind.ToString(), ["column"] = suspicion.Column, ["left_out"] = suspicion.LeftOut, ["evidence"] = suspicion.Evidence, ["advice"] = suspicion.Advice,
    })]);
}
