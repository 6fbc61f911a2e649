using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.Monitoring;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>GET /metrics in the Prometheus text format 0.0.4; never a feature value.</summary>
internal sealed class MetricsEndpoint(ModelHost host, PredictionLog log)
{
    public async Task Write(HttpContext context)
    {
        byte[] text = Encoding.UTF8.GetBytes(Text());
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    string Text()
    {
        var text = new StringBuilder();
        var models = host.Models.ToList();
        Family(text, "tilth_model_loaded_timestamp_seconds", "gauge", "When the package was loaded.", models.SelectMany(model => model.Deployment.Roles()
            .Select(role => ($"model=\"{model.Name}\",role=\"{role.Role}\",version=\"{role.Package.Version}\"", (double)role.Package.Loaded.ToUnixTimeSeconds()))));
        Family(text, "tilth_calls_total", "counter", "Calls with rows, by status.", models.SelectMany(model => model.Calls.ByStatus()
            .Select(calls => ($"model=\"{model.Name}\",status=\"{(calls.Status == 0 ? "other" : calls.Status)}\"", (double)calls.Calls))));
        Family(text, "tilth_predictions_total", "counter", "Rows predicted.", models.Select(model => ($"model=\"{model.Name}\"", (double)model.Calls.Rows)));
        Family(text, "tilth_warned_rows_total", "counter", "Rows with values that training did not see.", models.Select(model => ($"model=\"{model.Name}\"", (double)model.Calls.WarnedRows)));
        Durations(text, "tilth_call_duration_seconds", "How long calls with rows took.", models.Select(model => (model.Name, model.Calls)));
        Family(text, "tilth_in_process_calls_total", "counter", "Calls of the application's own code.", models.SelectMany(model => model.OwnCalls.ByStatus()
            .Select(calls => ($"model=\"{model.Name}\",outcome=\"{(calls.Status == StatusCodes.Status200OK ? "answered" : "failed")}\"", (double)calls.Calls))));
        Durations(text, "tilth_in_process_duration_seconds", "How long they took.", models.Select(model => (model.Name, model.OwnCalls)));
        Family(text, "tilth_drift_index", "gauge", "Population stability index of a column of the last windows against training.", models.SelectMany(model => model.Deployment.Production.Sketch.Report(LiveSketch.MostWindows).Columns
            .Select(drift => ($"model=\"{model.Name}\",column=\"{Escape(drift.Name)}\"", drift.Index))));
        Family(text, "tilth_score_drift_index", "gauge", "Population stability index of an output of the last windows against training.", models.SelectMany(model => model.Deployment.Production.Sketch.Report(LiveSketch.MostWindows).Scores
            .Select(drift => ($"model=\"{model.Name}\",output=\"{Escape(drift.Name)}\"", drift.Index))));
        var shadows = models.Where(model => model.Deployment.Shadow is not null).Select(model => (model.Name, Report: model.Deployment.Shadow!.Shadowing.Report())).ToList();
        Family(text, "tilth_shadow_rows_total", "counter", "Rows scored by the shadow too.", shadows.Select(shadow => ($"model=\"{shadow.Name}\"", (double)shadow.Report.Rows)));
        Family(text, "tilth_shadow_other_decisions_total", "counter", "Rows that the shadow decides differently.", shadows.Select(shadow => ($"model=\"{shadow.Name}\"", (double)shadow.Report.OtherDecisions)));
        if (!log.IsOn) return text.ToString();
        var (written, dropped) = log.Counts;
        Family(text, "tilth_log_records_total", "counter", "Records of the prediction log.", [("outcome=\"written\"", written), ("outcome=\"dropped\"", dropped)]);
        return text.ToString();
    }

    static void Durations(StringBuilder text, string name, string help, IEnumerable<(string Model, CallCounts Calls)> models)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} histogram\n");
        foreach (var (model, calls) in models)
        {
            long below = 0;
            long[] counts = calls.ByDuration();
            for (int i = 0; i < counts.Length; i++)
            {
                below += counts[i];
                string bound = i < CallCounts.Bounds.Length ? CallCounts.Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{model=\"{model}\",le=\"{bound}\"}} {below}\n");
            }
            text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{model=\"{model}\"}} {calls.Duration.TotalSeconds:R}\n{name}_count{{model=\"{model}\"}} {below}\n");
        }
    }

    static void Family(StringBuilder text, string name, string type, string help, IEnumerable<(string Labels, double Value)> values)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in values) text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value:R}\n");
    }

    static string Escape(string label) => label.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", " ");
}
