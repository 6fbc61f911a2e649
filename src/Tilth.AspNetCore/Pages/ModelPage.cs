using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Hosting;
using Tilth.Data;
using Tilth.Metrics;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Pages;

/// <summary>{model}/page: what the model foresees, how well, from which columns, and which versions answer.</summary>
internal sealed class ModelPage(ModelHost host)
{
    public Task Show(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        var package = model.Deployment.Production.Package;
        var card = ModelCard.Of(package);
        var target = package.Target;
        string what = target.Classes.Count > 0 ? $"one of {target.Classes.Count} classes: {string.Join(", ", target.Classes.Take(20).Select(Html.Escape))}" : "a number";
        return Html.Write(context, $"{model.Name}: about the model", $"""
            {Html.Links(model.Name, "page")}
            <p>Foresees '{Html.Escape(target.Column)}', {what}.</p>
            {Score(card)}
            {Versions(model)}
            {Columns(package, card)}
            {Metrics(card)}
            """);
    }

    static string Score(ModelCard card)
    {
        if (card.Metrics.FirstOrDefault(metric => metric.Name == card.Headline) is not { } headline) return "<p class=\"soft\">The package does not say how good the model is.</p>";
        return $"""
            <section class="panel"><p class="soft">{Html.Escape(Title(headline.Name))}</p><p class="answer">{Html.Number(headline.Value)}</p>
            <p>95 % interval {Html.Number(headline.Lower)} to {Html.Number(headline.Upper)}; without any column {Html.Number(headline.Baseline)}.
            From {card.Rows.ToString("N0", CultureInfo.InvariantCulture)} rows that the model did not learn from ({Html.Escape(card.RowsFrom)}).</p>
            {string.Concat(card.Sentences.Select(sentence => $"<p>{Html.Escape(sentence)}</p>"))}</section>
            """;
    }

    static string Versions(ServedModel model)
    {
        var deployment = model.Deployment;
        var roles = deployment.Roles().Select(role => (Role: role.Role == "canary" ? $"canary, {Html.Percent(deployment.CanaryShare)} of calls" : role.Role, role.Package)).ToList();
        var rows = roles.Concat(model.Versions.Where(version => roles.All(role => role.Package.Version != version.Version)).Select(version => (Role: "kept", Package: version)));
        return $"""
            <h2>Versions</h2><div class="scroll"><table><tr><th>answers as</th><th>version</th><th class="wide">SHA-256</th><th>loaded (UTC)</th></tr>
            {string.Concat(rows.Select(row => $"<tr><td>{Html.Escape(row.Role)}</td><td class=\"code\">{row.Package.Version}</td><td class=\"code wide\">{row.Package.Package.ContentHash}</td><td>{row.Package.Loaded.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}</td></tr>"))}
            </table></div><p class="soft">{model.Calls.Rows.ToString("N0", CultureInfo.InvariantCulture)} rows predicted since the server started, {model.Calls.WarnedRows.ToString("N0", CultureInfo.InvariantCulture)} of them with values that training did not see.</p>
            """;
    }

    static string Columns(ModelPackage package, ModelCard card)
    {
        double most = card.Shares.Values.DefaultIfEmpty(0).Max();
        var rows = package.Schema.Features.OrderByDescending(column => card.Shares.GetValueOrDefault(column.Name)).Take(200)
            .Select(column => $"<tr><td>{Html.Escape(column.Name)}</td><td class=\"soft\">{Html.Escape(Seen(column))}</td><td>{(card.Shares.TryGetValue(column.Name, out double share) ? Html.Bar(share / most) : "")}</td><td class=\"n\">{(card.Shares.ContainsKey(column.Name) ? Html.Percent(share) : "")}</td></tr>");
        return $"<h2>Columns</h2><div class=\"scroll\"><table><tr><th>column</th><th>in training</th><th colspan=\"2\">{(card.Shares.Count > 0 ? "share of what moves the answers" : "")}</th></tr>{string.Concat(rows)}</table></div>";
    }

    static string Metrics(ModelCard card) => card.Metrics.Count == 0 ? "" : $"""
        <h2>How good</h2><div class="scroll"><table><tr><th>metric</th><th class="n">value</th><th class="n">95 % interval</th><th class="n wide">without columns</th></tr>
        {string.Concat(card.Metrics.Select(metric => $"<tr><td>{Html.Escape(Title(metric.Name))}<span class=\"soft small wide\"><br>{Html.Escape(Known(metric.Name)?.Help)}</span></td><td class=\"n\">{Html.Number(metric.Value)}</td><td class=\"n\">{Html.Number(metric.Lower)} to {Html.Number(metric.Upper)}</td><td class=\"n wide\">{Html.Number(metric.Baseline)}</td></tr>"))}
        </table></div>
        """;

    static string Title(string metric) => Known(metric)?.Title ?? metric;

    static Metric? Known(string name) => MetricCatalog.All.FirstOrDefault(metric => metric.Name == name);

    static string Seen(ColumnSchema column) => column.Kind switch
    {
        ColumnKind.Number when double.IsFinite(column.Min) => $"{Html.Number(column.Min)} to {Html.Number(column.Max)}",
        ColumnKind.DateTime when column.Min is >= 0 and <= 3.1e18 && column.Max is >= 0 and <= 3.1e18 => $"{new DateTime((long)column.Min):yyyy-MM-dd} to {new DateTime((long)column.Max):yyyy-MM-dd}",
        ColumnKind.Category => string.Create(CultureInfo.InvariantCulture, $"{column.Levels.Count} levels"),
        ColumnKind.Boolean => "true or false",
        ColumnKind.Text => "text",
        _ => "",
    };
}
