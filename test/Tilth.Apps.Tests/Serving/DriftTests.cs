using System.Text.Json.Nodes;
using Tilth.AspNetCore;
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

    static List<JsonObject> Rows()
    {
        var table = Packages.Customers();
        return [.. Enumerable.Range(0, table.RowCount).Select(row => new JsonObject(table.Columns.Where(column => column.Name != "churn").Select(column => KeyValuePair.Create(column.Name,
            column.IsMissing(row) ? null : column is NumberColumn numbers ? numbers.Values.Span[row] : column is BooleanColumn flags ? flags.Values.Span[row] == 1 : (JsonNode?)column.Format(row)))))];
    }
}
