using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tilth.AspNetCore.Hosting;

/// <summary>The meter and the activity source "Tilth" for whoever listens (OpenTelemetry: AddMeter("Tilth")); never a feature value.</summary>
internal static class Telemetry
{
    public const string Name = "Tilth";

    /// <summary>The activity of a call with rows.</summary>
    public const string Predict = "tilth.predict";

    static readonly Meter meter = new(Name);

    static readonly Histogram<double> duration = meter.CreateHistogram<double>("tilth.prediction.duration", "s", "How long a call with rows took");

    static readonly Counter<long> rows = meter.CreateCounter<long>("tilth.predictions", "{row}", "Rows predicted"),
        warned = meter.CreateCounter<long>("tilth.warned_rows", "{row}", "Rows with values that training did not see");

    public static ActivitySource Source { get; } = new(Name);

    public static void Call(string model, int status, TimeSpan elapsed)
    {
        if (duration.Enabled) duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("model", model), new KeyValuePair<string, object?>("status", status));
    }

    /// <summary>A call of the application's own code.</summary>
    public static void OwnCall(string model, TimeSpan elapsed, bool failed)
    {
        if (duration.Enabled) duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("model", model), new KeyValuePair<string, object?>("status", failed ? "in-process failed" : "in-process"));
    }

    public static void Rows(string model, int count, int withWarnings)
    {
        rows.Add(count, new KeyValuePair<string, object?>("model", model));
        if (withWarnings > 0) warned.Add(withWarnings, new KeyValuePair<string, object?>("model", model));
    }
}
