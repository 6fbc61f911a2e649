using System.Text;
using System.Text.Json;
using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Pages;

/// <summary>The JSON answer for one row, in words and bars.</summary>
internal static class AnswerPanel
{
    public static string Refusal(IReadOnlyList<Problem> problems)
        => $"<section class=\"panel bad\" role=\"alert\"><h2>The row cannot be used</h2><ul>{Items(problems.Select(problem => problem.Message))}</ul></section>";

    /// <summary>The panel.</summary>
    /// <param name="package">What answered.</param>
    /// <param name="json">Its answer.</param>
    /// <param name="values">The row as it was sent, by column.</param>
    public static string Write(ModelPackage package, ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, string> values)
    {
        using var document = JsonDocument.Parse(json);
        var answer = document.RootElement;
        var prediction = answer.GetProperty("prediction");
        string said = prediction.ValueKind switch
        {
            JsonValueKind.String => Html.Escape(prediction.GetString()),
            JsonValueKind.Number => Html.Number(prediction.GetDouble()) + (package.Head.Outputs[0].Unit is { } unit ? $" {Html.Escape(unit)}" : ""),
            _ => "not known",
        };
        return $"""
            <section class="panel" aria-live="polite"><p class="soft">{Html.Escape(package.Target.Column)}</p>
            <p class="answer">{said}</p>
            {Probabilities(answer)}{Intervals(answer)}{Sets(answer)}{Reasons(answer, package.Target, values)}{Warnings(answer)}
            </section>
            """;
    }

    static string Probabilities(JsonElement answer) => !answer.TryGetProperty("probabilities", out var classes) ? "" : Table("", classes.EnumerateObject()
        .Where(one => one.Value.ValueKind == JsonValueKind.Number).OrderByDescending(one => one.Value.GetDouble()).Take(20)
        .Select(one => $"<tr><td>{Html.Escape(one.Name)}</td><td>{Html.Bar(one.Value.GetDouble())}</td><td class=\"n\">{Html.Percent(one.Value.GetDouble())}</td></tr>"));

    static string Intervals(JsonElement answer) => !answer.TryGetProperty("intervals", out var intervals) ? "" : string.Concat(intervals.EnumerateArray()
        .Select(one => $"<p>In {Html.Percent(one.GetProperty("coverage").GetDouble())} of cases the truth lies between <b>{Bound(one, "low")}</b> and <b>{Bound(one, "high")}</b>.</p>"));

    static string Sets(JsonElement answer)
    {
        if (!answer.TryGetProperty("sets", out var sets)) return "";
        string? prediction = answer.GetProperty("prediction").GetString();
        bool apart = false;
        var text = new StringBuilder();
        foreach (var set in sets.EnumerateArray())
        {
            string?[] classes = [.. set.GetProperty("classes").EnumerateArray().Select(name => name.GetString())];
            string share = Html.Percent(set.GetProperty("coverage").GetDouble());
            text.Append(classes.Length == 0 ? $"<p>At {share} the row is like no class that training saw.</p>" : $"<p>In {share} of cases the truth is among: <b>{string.Join(", ", classes.Select(Html.Escape))}</b>.</p>");
            apart |= classes.Length > 0 && !classes.Contains(prediction);
        }
        return apart ? text.Append("<p class=\"soft small\">Each class keeps this promise for itself: among rows of a rare class, too. So the likeliest class may be missing where it is often wrong.</p>").ToString() : text.ToString();
    }

    static string Reasons(JsonElement answer, TargetSchema target, IReadOnlyDictionary<string, string> values)
    {
        if (!answer.TryGetProperty("contributions", out var contributions)) return "<p class=\"soft\">This model cannot say which columns moved the answer.</p>";
        var moved = contributions.EnumerateArray().Where(one => one.GetProperty("amount").ValueKind == JsonValueKind.Number)
            .Select(one => (Column: one.GetProperty("column").GetString()!, Amount: one.GetProperty("amount").GetDouble())).Where(one => one.Amount != 0).ToList();
        double most = moved.Select(one => Math.Abs(one.Amount)).DefaultIfEmpty(1).Max();
        var (up, down) = target.Task switch
        {
            TaskKind.Regression => ("raises", "lowers"),
            TaskKind.Binary => ($"towards {target.Classes[1]}", $"towards {target.Classes[0]}"),
            _ => ($"for {answer.GetProperty("prediction").GetString()}", $"against {answer.GetProperty("prediction").GetString()}"),
        };
        return Table("Why", moved.Select(one =>
            $"<tr><td>{Html.Escape(one.Column)} <span class=\"soft\">{(values.GetValueOrDefault(one.Column, "") is { Length: > 0 } value ? "= " + Html.Escape(value.Length <= 60 ? value : value[..60] + "…") : "not known")}</span></td>" +
            $"<td>{Html.SidedBar(one.Amount / most)}</td><td class=\"soft small\">{Html.Escape(one.Amount > 0 ? up : down)}</td></tr>"));
    }

    static string Warnings(JsonElement answer) => !answer.TryGetProperty("warnings", out var warnings) ? ""
        : $"<h2>Beware</h2><ul>{Items(warnings.EnumerateArray().Select(warning => warning.GetProperty("message").GetString()!))}</ul>";

    static string Bound(JsonElement interval, string name) => interval.GetProperty(name) is { ValueKind: JsonValueKind.Number } bound ? Html.Number(bound.GetDouble()) : "not known";

    static string Table(string title, IEnumerable<string> rows) => $"{(title.Length > 0 ? $"<h2>{title}</h2>" : "")}<div class=\"scroll\"><table>{string.Concat(rows)}</table></div>";

    static string Items(IEnumerable<string> texts) => string.Concat(texts.Select(text => $"<li>{Html.Escape(text)}</li>"));
}
