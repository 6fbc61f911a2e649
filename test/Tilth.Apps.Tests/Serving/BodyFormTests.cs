using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.AspNetCore;

namespace Tilth.Apps.Tests.Serving;

/// <summary>The same rows as columns and as a stream of lines.</summary>
public class BodyFormTests
{
    const string Row = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""",
        Other = """{"age": null, "city": "Z\u00fcrich", "member": false, "since": "2022-01-01", "spend": 1.5e1}""";

    [Fact]
    public async Task Columns_give_the_answers_of_rows()
    {
        await using var host = await Start();
        var (_, rows) = await host.Post("/models/churn/predict", $"[{Row},{Other},{Row}]");
        var (status, columns) = await host.Post("/models/churn/predict", """
            {"columns": {"age": [70, null,70 ], "spend":[300,1.5e1,300.0], "city": ["Bern", "Z\u00fcrich", "Bern"],
             "member": [true,false,true], "since": ["2021-05-03","2022-01-01", "2021-05-03"]}}
            """);
        Assert.Equal(200, status);
        Assert.Equal(rows.ToJsonString(), columns.ToJsonString());
        Assert.Empty((await host.Post("/models/churn/predict", """{"columns": {}}""")).Body["predictions"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"columns": {"age": [1, 2], "spend": [1]}}""", "column 'spend' has 1 values, but 'age' has 2")]
    [InlineData("""{"columns": {"age": [1, "x"]}}""", "must be a number, but is 'x'")]
    [InlineData("""{"columns": {"age": [1, [2]]}}""", "must be a number, but is a list")]
    [InlineData("""{"columns": {"age": 1}}""", "must be a list")]
    [InlineData("""{"columns": {"agee": [1]}}""", "did you mean 'age'")]
    [InlineData("""{"columns": {"age": [1], "age": [1]}}""", "stands twice")]
    [InlineData("""{"columns": {"age": [1]}, "more": 1}""", "something else")]
    [InlineData("""{"columns": {"age": [1}}""", "not valid JSON")]
    [InlineData("""{"columns": {"age": [1]}} x""", "not valid JSON")]
    [InlineData("""{"columns": [1]}""", "no column 'columns'")]
    public async Task Bad_columns_are_refused_with_a_sentence(string body, string part)
    {
        await using var host = await Start();
        var (status, answer) = await host.Post("/models/churn/predict", body);
        Assert.Equal(400, status);
        Assert.Contains(part, (string)answer["detail"]!);
    }

    [Fact]
    public async Task Columns_have_the_limits_of_rows()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.MaxRows = 3).AddTilth("churn").From(Packages.First));
        Assert.Equal(413, (await host.Post("/models/churn/predict", """{"columns": {"age": [1, 2, 3, 4]}}""")).Status);
    }

    [Fact]
    public async Task Each_line_is_answered_while_the_stream_is_open()
    {
        await using var host = await Start();
        var expected = (await host.Post("/models/churn/predict", Row)).Body.ToJsonString();
        var pipe = new Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models/churn/predict") { Content = new StreamContent(pipe.Reader.AsStream()) };
        request.Content.Headers.ContentType = new("application/x-ndjson");
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Row + "\n"), TestContext.Current.CancellationToken);
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Packages.First.ContentHash, response.Headers.GetValues("Tilth-Package").Single());
        using var answers = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expected, JsonNode.Parse(await Next())!.ToJsonString());

        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Row[..20]), TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Row[20..] + "\r\n\n{\"age\": \"x\"}\n[3]\n{\"age\": 1} 2\nnonsense\n"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, JsonNode.Parse(await Next())!.ToJsonString());
        foreach (var (number, part) in new[] { (3, "must be a number, but is 'x'"), (4, "is a list"), (5, "not valid JSON"), (6, "not valid JSON") })
        {
            var problem = JsonNode.Parse(await Next())!["problems"]![0]!;
            Assert.Equal(number, (int)problem["row"]!);
            Assert.Contains(part, (string)problem["message"]!);
        }

        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Other), TestContext.Current.CancellationToken); // the last line may lack its end
        await pipe.Writer.CompleteAsync();
        Assert.Equal("churn", (string?)JsonNode.Parse(await Next())!["model"]);
        Assert.Null(await answers.ReadLineAsync(TestContext.Current.CancellationToken));

        async Task<string> Next() => await answers.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    [Fact]
    public async Task A_long_stream_is_answered_whole_and_explained()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.MaxRows, options.MaxBodyBytes) = (10, 1000)).AddTilth("churn").From(Packages.First));
        var text = new StringBuilder();
        for (int i = 0; i < 5000; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"age\": {i % 60 + 18}, \"city\": \"Bern\", \"member\": true, \"since\": \"2021-05-03\", \"spend\": {i % 300}}}\n");
        var (status, body) = await host.Post("/models/churn/explain?top=1", text.ToString(), "application/x-ndjson");
        Assert.Equal(200, status);
        string[] lines = ((string)body!).TrimEnd('\n').Split('\n');
        Assert.Equal(5000, lines.Length);
        Assert.Single(JsonNode.Parse(lines[4999])!["contributions"]!.AsArray());
        Assert.Contains("tilth_predictions_total{model=\"churn\"} 5000\n", (string)(await host.Get("/metrics")).Body!);
    }

    [Fact]
    public async Task A_line_without_an_end_and_a_pause_without_one_end_the_stream()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.RequestTimeout = TimeSpan.FromSeconds(0.3)).AddTilth("churn").From(Packages.First));
        Assert.Equal(413, (await host.Post("/models/churn/predict", new string(' ', 2_000_000) + "x", "application/x-ndjson")).Status);
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Row + "\n"), TestContext.Current.CancellationToken);
        var (status, body) = await host.Send("/models/churn/predict", new StreamContent(pipe.Reader.AsStream()), "application/x-ndjson", HttpMethod.Post);
        string[] lines = body.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(200, status);
        Assert.Equal(2, lines.Length);
        Assert.Contains("0.3 seconds", lines[1]);
        Assert.True((bool)JsonNode.Parse(lines[1])!["ended"]!);
    }

    static Task<TestHost> Start() => TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
}
