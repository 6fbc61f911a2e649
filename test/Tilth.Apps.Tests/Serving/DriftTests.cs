using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Hosting;
using Tilth.Data;

namespace Tilth.Apps.Tests.Serving;

/// <summary>Live rows beside training, and the counts that a monitoring system reads.</summary>
public class DriftTests
{
    [Fact]
    public async Task The_training_rows_do_not_drift_and_other_rows_do()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("same").From(Packages.First).AddTilth("other").From(Packages.First));
        var rows = Rows();
        await host.Post("/models/same/predict", new JsonArray([.. rows.Select(row => row.DeepClone())]).ToJsonString());
        foreach (var row in rows)
        {
            row["age"] = 77;
            row["city"] = "Atlantis";
        }
        await host.Post("/models/other/predict", new JsonArray([.. rows.Select(row => row.DeepClone())]).ToJsonString());

        var same = (await host.Get("/models/same/drift")).Body["production"]!;
        Assert.Equal(400, (int)same["rows"]!);
        Assert.All(same["columns"]!.AsArray(), column => Assert.Equal("none", (string?)column!["verdict"]));
        Assert.All(same["columns"]!.AsArray(), column => Assert.InRange((double)column!["index"]!, 0, 0.02));

        var other = (await host.Get("/models/other/drift")).Body["production"]!["columns"]!.AsArray().ToDictionary(column => (string)column!["name"]!);
        Assert.Equal("large", (string?)other["age"]!["verdict"]);
        Assert.Equal("large", (string?)other["city"]!["verdict"]);
        Assert.Equal(1, (double)other["city"]!["unseenShare"]!);
        Assert.Equal("none", (string?)other["spend"]!["verdict"]);

        string metrics = (string)(await host.Get("/metrics")).Body!;
        Assert.Contains("tilth_predictions_total{model=\"same\"} 400\n", metrics);
        Assert.Contains("tilth_calls_total{model=\"same\",status=\"200\"} 1\n", metrics);
        Assert.Contains("tilth_call_duration_seconds_bucket{model=\"same\",le=\"+Inf\"} 1\n", metrics);
        Assert.Contains("tilth_warned_rows_total{model=\"other\"} 400\n", metrics);
        Assert.Contains("tilth_drift_index{model=\"other\",column=\"city\"}", metrics);
        Assert.All(metrics.TrimEnd('\n').Split('\n'), line => Assert.Matches("""^(# (HELP|TYPE) .+|[a-z_]+\{([a-z]+="[^"]*",?)*\} [0-9.eE+-]+)$""", line));
    }

    [Fact]
    public async Task Windows_forget_and_the_days_before_do_not_hide_today()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var sketch = ((ModelHost)host.Services.GetService(typeof(ModelHost))!).Find("churn")!.Deployment.Production.Sketch;
        var rows = Rows();
        string body = new JsonArray([.. rows.Select(row => row.DeepClone())]).ToJsonString();
        for (int i = 0; i < 10; i++) await host.Post("/models/churn/predict", body);
        sketch.EndWindow();
        foreach (var row in rows) row["age"] = 77;
        await host.Post("/models/churn/predict", new JsonArray([.. rows.Select(row => row.DeepClone())]).ToJsonString());

        Assert.Equal((4400, 4400), await Count(24));
        Assert.Equal((4400, 4400), await Count(1));
        Assert.Equal((4400, 400), await Count(0));
        Assert.Equal("large", await AgeNow());
        sketch.EndWindow();
        Assert.Equal((4400, 0), await Count(0));
        Assert.Equal((4400, 400), await Count(1));
        for (int i = 0; i < 30; i++) sketch.EndWindow();
        Assert.Equal((4400, 0), await Count(24));
        Assert.Equal(400, (await host.Get("/models/churn/drift?windows=25")).Status);

        async Task<string?> AgeNow() => (string?)(await host.Get("/models/churn/drift?windows=0")).Body["production"]!["recent"]!["columns"]!.AsArray().First(column => (string?)column!["name"] == "age")!["verdict"];
        async Task<(int, int)> Count(int windows)
        {
            var report = (await host.Get($"/models/churn/drift?windows={windows}")).Body["production"]!;
            return ((int)report["rows"]!, (int)report["recent"]!["rows"]!);
        }
    }

    [Fact]
    public async Task The_clock_ends_windows_and_the_meter_says_what_stands_in_them_without_a_value()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.DriftWindow = TimeSpan.FromMilliseconds(50)).AddTilth("metered").From(Packages.First));
        var heard = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => { if (instrument.Meter.Name == "Tilth") own.EnableMeasurementEvents(instrument); } };
        void Hear<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            string labels = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            if (labels.Contains("model=metered", StringComparison.Ordinal)) heard[instrument.Name] = labels;
        }
        listener.SetMeasurementEventCallback<int>(Hear);
        listener.SetMeasurementEventCallback<long>(Hear);
        listener.SetMeasurementEventCallback<double>(Hear);
        listener.Start();
        await host.Post("/models/metered/predict", """{"city": "Atlantis", "age": 30}""");
        listener.RecordObservableInstruments();
        Assert.Equal(["tilth.drift.index", "tilth.model.info", "tilth.prediction.duration", "tilth.predictions", "tilth.warned_rows"], heard.Keys.Order());
        Assert.All(heard.Values, labels => Assert.DoesNotContain("Atlantis", labels));
        Assert.Equal($"model=metered role=production version={Packages.First.Version}", heard["tilth.model.info"]);
        for (int wait = 0; wait < 100; wait++)
        {
            if ((int)(await host.Get("/models/metered/drift?windows=0")).Body["production"]!["recent"]!["rows"]! == 0) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Fail("no window ended");
    }

    static List<JsonObject> Rows()
    {
        var table = Packages.Customers();
        return [.. Enumerable.Range(0, table.RowCount).Select(row => new JsonObject(table.Columns.Where(column => column.Name != "churn").Select(column => KeyValuePair.Create(column.Name,
            column.IsMissing(row) ? null : column is NumberColumn numbers ? numbers.Values.Span[row] : column is BooleanColumn flags ? flags.Values.Span[row] == 1 : (JsonNode?)column.Format(row)))))];
    }
}
