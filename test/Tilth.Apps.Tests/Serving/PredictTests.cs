using System.Text;
using System.Text.Json.Nodes;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Rows;
using Tilth.Data;
using Tilth.Prediction;

namespace Tilth.Apps.Tests.Serving;

/// <summary>What comes over HTTP is what the predictor says, to the bit; what cannot be used is named.</summary>
public class PredictTests
{
    [Fact]
    public async Task Rows_as_json_and_csv_give_the_bits_of_the_predictor()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var table = Packages.Customers(50);
        double[] expected = new Predictor(Packages.First).Predict(table).Values;
        var rows = Enumerable.Range(0, table.RowCount).Select(row => JsonRow(table, row)).ToList();

        var (status, many) = await host.Post("/models/churn/predict", new JsonArray([.. rows.Select(row => row.DeepClone())]).ToJsonString());
        Assert.Equal(200, status);
        Assert.Equal(expected, Probabilities(many));
        Assert.Equal(Packages.First.Version, (string?)many["version"]);

        var (csvStatus, fromCsv) = await host.Post("/models/churn/predict", Csv(table), "text/csv; charset=utf-8");
        Assert.Equal(200, csvStatus);
        Assert.Equal(expected, Probabilities(fromCsv));

        for (int row = 0; row < 5; row++)
        {
            var (_, one) = await host.Post("/models/churn/predict", rows[row].ToJsonString());
            Assert.Equal(expected[row], (double)one["probabilities"]!["yes"]!);
            Assert.Equal("churn", (string?)one["model"]);
        }
    }

    [Fact]
    public async Task A_number_comes_with_its_intervals_and_the_bits_of_the_predictor()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("price").From(Packages.Number));
        var (status, answer) = await host.Post("/models/price/predict", """{"age": 40, "city": "Bern", "member": true, "since": "2021-05-03", "churn": "no"}""");
        Assert.Equal(200, status);
        var expected = new Predictor(Packages.Number).Predict(new Dictionary<string, object?> { ["age"] = 40, ["city"] = "Bern", ["member"] = true, ["since"] = "2021-05-03", ["churn"] = "no" });
        Assert.Equal(expected.Value, (double)answer["prediction"]!);
        if (expected.Intervals.Count > 0) Assert.Equal(expected.Intervals[0].High, (double)answer["intervals"]![0]!["high"]!);
    }

    [Fact]
    public async Task Explanations_are_those_of_the_predictor()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var (status, answer) = await host.Post("/models/churn/explain?top=2", """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""");
        Assert.Equal(200, status);
        var predictor = new Predictor(Packages.First);
        var row = predictor.NewRow();
        row.Set("age", 70);
        row.Set("city", "Bern");
        row.Set("member", true);
        row.Set("since", "2021-05-03");
        row.Set("spend", 300);
        var expected = predictor.Explain(row);
        Assert.Equal(2, answer["contributions"]!.AsArray().Count);
        Assert.Equal(expected[0].Column, (string?)answer["contributions"]![0]!["column"]);
        Assert.Equal(expected[0].Amount, (double)answer["contributions"]![0]!["amount"]!);
    }

    [Fact]
    public async Task What_training_did_not_see_is_told()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var (status, answer) = await host.Post("/models/churn/predict", """{"city": "Atlantis", "age": 900, "member": null}""");
        Assert.Equal(200, status);
        var warnings = answer["warnings"]!.AsArray().Select(warning => ((string)warning!["code"]!, (string)warning["column"]!)).ToHashSet();
        Assert.Contains(("level-unseen", "city"), warnings);
        Assert.Contains(("out-of-range", "age"), warnings);
        Assert.Contains(("column-missing", "spend"), warnings);
        Assert.DoesNotContain(("column-missing", "member"), warnings);
        using var raw = await host.Client.PostAsync("/models/churn/predict", new StringContent("""{"city": "Örebro"}""", null, "application/json"), TestContext.Current.CancellationToken);
        Assert.Contains("column 'city' has 'Örebro', which training did not see", await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "not valid JSON: it is empty")]
    [InlineData("{", "not valid JSON: it ends before an object or list is closed (line 1, byte 2)")]
    [InlineData("{\"age\": NaN}", "not valid JSON")]
    [InlineData("{\"age\": 1} {", "not valid JSON")]
    [InlineData("[[[[[[[[[[[[1]]]]]]]]]]]]", "row 1 is a list")]
    [InlineData("{\"age\": [[[[[[[[[[1]]]]]]]]]]}", "not valid JSON")]
    [InlineData("3", "must be an object")]
    [InlineData("[{}, 3]", "row 2 is a number")]
    [InlineData("{\"agee\": 3}", "did you mean 'age'")]
    [InlineData("{\"age\": \"old\"}", "must be a number, but is 'old'")]
    [InlineData("{\"age\": 1e999}", "too large")]
    [InlineData("{\"age\": Infinity}", "not valid JSON")]
    [InlineData("{\"age\": \"Infinity\"}", "not finite")]
    [InlineData("{\"age\": \"-inf\"}", "must be a number")]
    [InlineData("{\"age\": [1]}", "is a list")]
    [InlineData("{\"age\": {\"a\": 1}}", "is an object")]
    [InlineData("{\"age\": 1, \"age\": 2}", "stands twice")]
    [InlineData("{\"since\": \"someday\"}", "must be a date")]
    [InlineData("{\"member\": 7}", "must be true or false")]
    [InlineData("{\"city\": \"\\ud800\"}", "not valid UTF-8")]
    public async Task Bad_rows_are_refused_with_a_sentence(string body, string part)
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var (status, answer) = await host.Post("/models/churn/predict", body);
        Assert.Equal(400, status);
        Assert.Contains(part, (string)answer["detail"]!);
        Assert.DoesNotContain("   at ", answer.ToJsonString());
        Assert.Equal(200, (await host.Post("/models/churn/predict", "{\"age\": 3}")).Status);
    }

    [Fact]
    public async Task Every_wrong_field_is_listed_at_once()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var (_, answer) = await host.Post("/models/churn/predict", """[{"age": "x"}, {"spend": "y", "nonsense": 1}]""");
        var found = answer["problems"]!.AsArray().Select(problem => ($"{problem!["code"]}", (int)problem["row"]!)).ToArray();
        Assert.Equal([("value-unreadable", 1), ("value-unreadable", 2), ("column-unknown", 2)], found);
    }

    [Fact]
    public async Task Limits_hold_and_say_so()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.MaxRows, options.MaxBodyBytes) = (3, 200)).AddTilth("churn").From(Packages.First));
        Assert.Equal(200, (await host.Post("/models/churn/predict", "[{},{},{}]")).Status);
        Assert.Equal(413, (await host.Post("/models/churn/predict", "[{},{},{},{}]")).Status);
        Assert.Equal(413, (await host.Post("/models/churn/predict", "[" + new string(' ', 300) + "]")).Status);
        Assert.Equal(415, (await host.Post("/models/churn/predict", "<a/>", "application/xml")).Status);
        Assert.Equal(404, (await host.Post("/models/chrn/predict", "{}")).Status);
        Assert.Equal(404, (await host.Get("/models/..%2f..%2fetc%2fpasswd/schema")).Status);
    }

    [Theory]
    [InlineData("nonsense\n1\n", "the model knows no column 'nonsense'")]
    [InlineData("age,age\n1,2\n", "stands twice")]
    [InlineData("age,city\n1\n", "row 1 has 1 cells")]
    [InlineData("age\nx\n", "must be a number")]
    [InlineData("city\n\"a\"b\n", "closing quote")]
    [InlineData("", "empty")]
    public async Task Bad_csv_is_refused(string body, string part)
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        var (status, answer) = await host.Post("/models/churn/predict", body, "text/csv");
        Assert.Equal(400, status);
        Assert.Contains(part, (string)answer["detail"]!);
    }

    [Fact]
    public async Task The_model_describes_itself()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        Assert.Equal("churn", (string?)(await host.Get("/models")).Body["models"]![0]!["model"]);
        Assert.Equal(Packages.First.ContentHash, (string?)(await host.Get("/models/churn")).Body["sha256"]);
        var schema = (await host.Get("/models/churn/schema")).Body;
        Assert.Equal("number", (string?)schema["properties"]!["age"]!["type"]![0]);
        Assert.Contains("Bern", schema["properties"]!["city"]!["examples"]!.AsArray().Select(level => (string?)level));
        var openApi = (await host.Get("/models/churn/openapi.json")).Body;
        var call = openApi["paths"]!["/models/churn/predict"]!["post"]!;
        var content = call["requestBody"]!["content"]!;
        foreach (string form in new[] { "row", "rows", "columns" })
        {
            var (status, answer) = await host.Post("/models/churn/predict", content["application/json"]!["examples"]![form]!["value"]!.ToJsonString());
            Assert.Equal(200, status);
            Assert.Null((form == "row" ? answer : answer["predictions"]![0]!)["warnings"]);
        }
        Assert.Equal(200, (await host.Post("/models/churn/predict", (string)content["text/csv"]!["example"]!, "text/csv")).Status);
        Assert.DoesNotContain("problems", (string)(await host.Post("/models/churn/predict", (string)content["application/x-ndjson"]!["example"]!, "application/x-ndjson")).Body!);
        Assert.Equal(Packages.First.Version, (string?)(await host.Get("/models/churn")).Body["versions"]!["production"]);
        Assert.Equal(Packages.First.Version, (string?)(await host.Get("/models/churn/versions")).Body["production"]);
        Assert.Equal(200, (await host.Get("/health/live")).Status);
        Assert.Equal(200, (await host.Get("/health/ready")).Status);
    }

    [Theory]
    [InlineData("churn")]
    [InlineData("price")]
    [InlineData("evil")]
    public async Task The_openapi_document_is_valid(string model)
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First).AddTilth("price").From(Packages.Number).AddTilth("evil").From(Packages.Hostile));
        using var folder = Folders.Temporary();
        string file = folder.Write("openapi.json", (await host.Get($"/models/{model}/openapi.json")).Body.ToJsonString());
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "there is no Python");
        var ran = Run.Process("/usr/bin/env", ["python3", "-c", "import json, sys, openapi_spec_validator as v; v.validate(json.load(open(sys.argv[1])))", file]);
        Assert.SkipWhen(ran.Error.Contains("ModuleNotFoundError", StringComparison.Ordinal), "Python's openapi-spec-validator is not there");
        Assert.True(ran.ExitCode == 0, ran.ToString());
    }

    [Fact]
    public void A_sound_row_allocates_nothing()
    {
        var package = new ServedPackage(Packages.First, DateTimeOffset.UnixEpoch);
        var slot = package.Rent();
        byte[] few = Body(100), many = Body(1100);
        long Allocated(byte[] body)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            slot.BeginCall();
            new RowCall("churn", package, slot, new ServingOptions()).Answer(body, BodyForm.Json, TestContext.Current.CancellationToken);
            Assert.False(slot.IsRefused);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // The fewest of several: the runtime's own one-off work (compiling again) is not the call's.
        long Least(byte[] body) => Enumerable.Range(0, 6).Min(_ => Allocated(body));
        Allocated(many);
        Assert.Equal(Least(few), Least(many));

        static byte[] Body(int rows) => Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("""{"age": 30, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""", rows)) + "]");
    }

    static double[] Probabilities(JsonNode answer) => [.. answer["predictions"]!.AsArray().Select(row => (double)row!["probabilities"]!["yes"]!)];

    static JsonObject JsonRow(Table table, int row)
    {
        var json = new JsonObject();
        foreach (var column in table.Columns)
            json[column.Name] = column.IsMissing(row) ? null : column switch
            {
                NumberColumn numbers => numbers.Values.Span[row],
                BooleanColumn flags => flags.Values.Span[row] == 1,
                _ => column.Format(row),
            };
        return json;
    }

    static string Csv(Table table)
    {
        var text = new StringBuilder(string.Join(',', table.Columns.Select(column => column.Name))).Append("\r\n");
        for (int row = 0; row < table.RowCount; row++)
            text.Append(string.Join(',', table.Columns.Select(column => $"\"{column.Format(row)}\""))).Append("\r\n");
        return text.ToString();
    }
}
