using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.Monitoring;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// GET {model}/drift: the rows that each package of a model has predicted since it was loaded, and those of the last windows
/// (?windows=, 24 if not given, beside the one that has not ended), beside training.
/// </summary>
internal sealed class DriftEndpoint(ModelHost host)
{
    public Task Report(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        int windows = LiveSketch.MostWindows;
        if (context.Request.Query.TryGetValue("windows", out var given) && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out windows) && windows <= LiveSketch.MostWindows))
            throw new RefusedException(StatusCodes.Status400BadRequest, "windows", $"windows must be a number from 0 to {LiveSketch.MostWindows}, but is '{given}'");
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteNumber("windowSeconds", host.Options.DriftWindow.TotalSeconds);
            json.WriteNumber("windows", windows);
            foreach (var (role, package) in model.Deployment.Roles())
            {
                json.WriteStartObject(role);
                json.WriteString("version", package.Version);
                Write(json, package.Sketch.Report());
                json.WriteStartObject("recent");
                Write(json, package.Sketch.Report(windows));
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
    }

    static void Write(Utf8JsonWriter json, DriftReport report)
    {
        json.WriteNumber("rows", report.RowCount);
        json.WriteNumber("trainingRows", report.TrainingRowCount);
        Write(json, "columns", report.Columns);
        Write(json, "scores", report.Scores);
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ValueDrift> drifts)
    {
        json.WriteStartArray(name);
        foreach (var drift in drifts.OrderByDescending(drift => drift.Index - drift.Chance))
        {
            json.WriteStartObject();
            json.WriteString("name", drift.Name);
            json.WriteNumber("index", drift.Index);
            json.WriteNumber("chance", drift.Chance);
            json.WriteNumber("missingShare", drift.MissingShare);
            json.WriteNumber("trainingMissingShare", drift.TrainingMissingShare);
            json.WriteNumber("unseenShare", drift.UnseenShare);
            json.WriteString("verdict", drift.Verdict switch
            {
                DriftVerdict.None => "none",
                DriftVerdict.Some => "some",
                DriftVerdict.Large => "large",
                _ => "too few rows",
            });
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
