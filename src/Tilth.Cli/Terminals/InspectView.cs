using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Data;
using Table = Spectre.Console.Table;

namespace Tilth.Cli.Terminals;

/// <summary>The profile of a table, on the terminal and as JSON.</summary>
static class InspectView
{
    const string Sparks = "▁▂▃▄▅▆▇█";

    public static void Show(IReadOnlyList<ColumnProfile> profiles, DecisionLog decisions, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("column", "kind", "role", "missing", "distinct", "values", "spread");
        foreach (int right in (int[])[3, 4]) table.Columns[right].RightAligned();
        foreach (var profile in profiles)
            table.AddRow(new Text(profile.Name), new Text(profile.Kind.ToString().ToLowerInvariant()), new Text(profile.Role.ToString().ToLowerInvariant()),
                new Text(profile.Missing == 0 ? "" : ((double)profile.Missing / profile.Rows).ToString("P1", CultureInfo.InvariantCulture)),
                new Text(profile.Distinct.ToString("N0", CultureInfo.InvariantCulture)), new Text(ValuesOf(profile)), new Text(SparkOf(profile)));
        terminal.People.Write(table);
        ShowDecisions(decisions, terminal);
        foreach (var profile in profiles)
            foreach (string suspect in profile.Suspects) terminal.Say($"suspect: '{profile.Name}': {suspect}");
    }

    public static void ShowDecisions(DecisionLog decisions, Terminal terminal)
    {
        if (decisions.Count == 0) return;
        terminal.Head("What was decided for you");
        var table = new Table().Border(TableBorder.Simple).AddColumns("about", "choice", "evidence");
        foreach (var decision in decisions) table.AddRow(new Text(decision.Subject), new Text(decision.Choice), new Text(decision.Evidence));
        terminal.People.Write(table);
    }

    public static JsonObject ToJson(int rows, IReadOnlyList<ColumnProfile> profiles, InferredSchema inferred) => new()
    {
        ["ok"] = true,
        ["rows"] = rows,
        ["columns"] = new JsonArray([.. profiles.Select(profile => (JsonNode)new JsonObject
        {
            ["name"] = profile.Name, ["kind"] = profile.Kind.ToString().ToLowerInvariant(), ["role"] = profile.Role.ToString().ToLowerInvariant(),
            ["missing"] = profile.Missing, ["distinct"] = profile.Distinct,
            ["min"] = Finite(profile.Numbers?.Min), ["max"] = Finite(profile.Numbers?.Max), ["mean"] = Finite(profile.Numbers?.Mean),
            ["standard_deviation"] = Finite(profile.Numbers?.StandardDeviation),
            ["top_levels"] = new JsonArray([.. profile.TopLevels.Select(level => (JsonNode)new JsonObject { ["name"] = level.Name, ["rows"] = level.Rows })]),
            ["suspects"] = new JsonArray([.. profile.Suspects.Select(suspect => (JsonNode)suspect)]),
        })]),
        ["decisions"] = TrainingView.ToJson(inferred.Decisions),
        ["schema"] = JsonNode.Parse(SchemaJson.Write(inferred.Schema)),
    };

    static JsonNode? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    static string ValuesOf(ColumnProfile profile) => profile switch
    {
        { Kind: ColumnKind.DateTime, Numbers: { } moments } => $"{new DateTime((long)moments.Min):yyyy-MM-dd} to {new DateTime((long)moments.Max):yyyy-MM-dd}",
        { Numbers: { } numbers } => string.Create(CultureInfo.InvariantCulture, $"{numbers.Min:G5} to {numbers.Max:G5}, mean {numbers.Mean:G5}"),
        { TopLevels.Count: > 0 } => Shorten(string.Join(", ", profile.TopLevels.Take(4).Select(level => level.Name))),
        _ => "",
    };

    static string Shorten(string text) => text.Length <= 48 ? text : text[..47] + "…";

    static string SparkOf(ColumnProfile profile)
    {
        IReadOnlyList<int> bars = profile.Numbers?.Histogram ?? [.. profile.TopLevels.Select(level => level.Rows)];
        int most = bars.Count == 0 ? 0 : bars.Max();
        return most == 0 ? "" : string.Concat(bars.Select(bar => bar == 0 ? ' ' : Sparks[(int)Math.Round((double)bar / most * (Sparks.Length - 1))]));
    }
}
