using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.Monitoring;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>GET {model}/drift: the rows that each package of a model has predicted since it was loaded, beside training.</summary>
internal sealed class DriftEndpoint(ModelHost host)
{
    public Task Report(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            foreach (var (role, package) in model.Deployment.Roles())
            {
                var report = package.Sketch.Report();
                json.WriteStartObject(role);
                json.WriteString("version", package.Version);
                json.WriteNumber("rows", report.RowCount);
                json.WriteNumber("trainingRows", report.TrainingRowCount);
                Write(json, "columns", report.Columns);
                Write(json, "scores", report.Scores);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
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
