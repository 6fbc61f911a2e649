using System.Text.Json.Nodes;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;

namespace Tilth.Apps.Tests.Serving;

/// <summary>A package on trial that cannot do what the one beside it can is taken back by itself, and no caller notices.</summary>
public class TrialTests
{
    const string Row = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""",
        Narrow = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03"}""";

    [Fact]
    public async Task A_canary_that_refuses_what_production_answers_ends_and_no_call_fails()
    {
        using var folder = Folders.Temporary();
        await using var host = await TestHost.Start(services => services
            .AddTilth(options => (options.AllowAnonymousChanges, options.StoreFolder) = (true, folder.At("store"))).AddTilth("churn").From(Packages.First));
        Assert.Equal(200, (await Put(host, "/models/churn/canary?share=1", Packages.Narrow.ToBytes())).Status);
        Assert.Equal(Packages.Narrow.Version, (string?)(await host.Post("/models/churn/predict", Narrow)).Body["version"]);
        for (int i = 0; i < 5; i++)
        {
            var (status, answer) = await host.Post("/models/churn/predict", Row);
            Assert.Equal(200, status);
            Assert.Equal(Packages.First.Version, (string?)answer["version"]);
        }
        Assert.Null((await host.Get("/models/churn/versions")).Body["canary"]);
        Assert.Equal("taken-back", (string?)JsonNode.Parse(File.ReadLines(folder.At("store/audit.jsonl")).Last())!["did"]);
    }

    [Fact]
    public async Task Lines_that_a_canary_refuses_are_answered_by_production_and_end_it()
    {
        using var folder = Folders.Temporary();
        await using var host = await TestHost.Start(services => services.AddTilth(options =>
        {
            (options.AllowAnonymousChanges, options.PredictionLog) = (true, new PredictionLogOptions { Folder = folder.At("log") });
        }).AddTilth("churn").From(Packages.First));
        await Put(host, "/models/churn/canary?share=1", Packages.Narrow.ToBytes());
        string[] lines = [Narrow, Row, """{"nonsense": 1}""", Narrow, Row, Row, Row];
        var (status, answer) = await host.Post("/models/churn/predict", string.Join('\n', lines), "application/x-ndjson");
        Assert.Equal(200, status);
        var answers = ((string)answer!).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        string narrow = Packages.Narrow.Version, first = Packages.First.Version;
        Assert.Equal([narrow, first, narrow, narrow, first, first, first], answers.Select(line => (string)line["version"]!));
        Assert.Equal(3, (int)answers[2]["problems"]![0]!["row"]!);
        var direct = (await host.Post("/models/churn/predict?version=production", Row)).Body;
        Assert.Equal(direct["probabilities"]!.ToJsonString(), answers[4]["probabilities"]!.ToJsonString());
        // Four so far; five are enough.
        Assert.Equal(narrow, (string?)(await host.Get("/models/churn/versions")).Body["canary"]);
        await host.Post("/models/churn/predict", Row, "application/x-ndjson");
        Assert.Null((await host.Get("/models/churn/versions")).Body["canary"]);
        Assert.Contains("tilth_predictions_total{model=\"churn\"} 8", (string)(await host.Get("/metrics")).Body!);
        Assert.Contains("{outcome=\"dropped\"} 0", (string)(await host.Get("/metrics")).Body!);
    }

    [Fact]
    public async Task A_sound_line_counts_for_the_canary_and_what_both_refuse_for_nobody()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        await Put(host, "/models/churn/canary?share=1", Packages.Narrow.ToBytes());
        await host.Post("/models/churn/predict", string.Join('\n', Enumerable.Repeat(Narrow, 900).Concat(Enumerable.Repeat("""{"nonsense": 1}""", 50)).Concat(Enumerable.Repeat(Row, 6))), "application/x-ndjson");
        var work = ((ModelHost)host.Services.GetService(typeof(ModelHost))!).Find("churn")!.Deployment.Canary!.Work.Report();
        Assert.Equal((906, 6, 900), (work.Calls, work.Errors, work.Rows));
    }

    [Fact]
    public async Task A_new_production_that_refuses_what_the_former_answers_is_rolled_back_also_on_the_disk()
    {
        using var folder = Folders.Temporary();
        void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection services) => services
            .AddTilth(options => (options.AllowAnonymousChanges, options.StoreFolder) = (true, folder.At("store"))).AddTilth("churn").From(Packages.First);
        await using (var host = await TestHost.Start(Configure))
        {
            await Put(host, "/models/churn/production", Packages.Narrow.ToBytes());
            for (int i = 0; i < 5; i++) Assert.Equal(200, (await host.Post("/models/churn/predict", Row)).Status);
            Assert.Equal(Packages.First.Version, (string?)(await host.Get("/models/churn/versions")).Body["production"]);
        }
        await using var again = await TestHost.Start(Configure);
        Assert.Equal(Packages.First.Version, (string?)(await again.Get("/models/churn/versions")).Body["production"]);
        Assert.Null(AuditLog.FindFault(folder.At("store/audit.jsonl")));
    }

    [Fact]
    public async Task What_both_refuse_counts_against_neither()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        await Put(host, "/models/churn/production", Packages.Second.ToBytes());
        for (int i = 0; i < 20; i++) Assert.Equal(400, (await host.Post("/models/churn/predict", """{"nonsense": 1}""")).Status);
        Assert.Equal(Packages.Second.Version, (string?)(await host.Get("/models/churn/versions")).Body["production"]);
    }

    [Fact]
    public async Task Without_a_trial_the_new_production_stays_and_its_refusals_are_told()
    {
        await using var host = await TestHost.Start(services => services
            .AddTilth(options => (options.AllowAnonymousChanges, options.RollBack.Trial) = (true, TimeSpan.Zero)).AddTilth("churn").From(Packages.First));
        await Put(host, "/models/churn/production", Packages.Narrow.ToBytes());
        for (int i = 0; i < 10; i++) Assert.Equal(400, (await host.Post("/models/churn/predict", Row)).Status);
    }

    [Fact]
    public async Task A_slow_canary_ends()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options =>
        {
            (options.AllowAnonymousChanges, options.RollBack.MaxSlowdown, options.RollBack.FastRow) = (true, 1.000001, TimeSpan.Zero);
        }).AddTilth("churn").From(Packages.First));
        var model = ((ModelHost)host.Services.GetService(typeof(ModelHost))!).Find("churn")!;
        await Put(host, "/models/churn/canary?share=1", Packages.Second.ToBytes());
        for (int i = 0; i < 60; i++)
        {
            model.Deployment.Production.Work.Count(1, TimeSpan.FromMicroseconds(0.1)); // no real package is as fast
            Assert.Equal(200, (await host.Post("/models/churn/predict", Row)).Status);
        }
        Assert.Null(model.Deployment.Canary);
    }

    [Theory]
    [InlineData(4, 100, 1, 1, false)] // too few errors to tell
    [InlineData(5, 100, 1, 1, true)]
    [InlineData(5, 1000, 1, 1, false)] // below one in a hundred
    [InlineData(0, 1000, 4, 1, false)]
    [InlineData(0, 1000, 6, 1, true)]
    [InlineData(0, 1000, 0.9, 0.01, false)] // fast enough, though far slower than the other
    [InlineData(0, 20, 60, 1, false)] // too few calls to tell
    public void The_rules_of_a_trial(int errors, int calls, double milliseconds, double otherMilliseconds, bool fault)
        => Assert.Equal(fault, new RollBackOptions().FaultOf(Work(errors, calls, milliseconds), Work(0, 1000, otherMilliseconds)) is not null);

    [Fact]
    public void Old_calls_weigh_less_than_new_ones()
    {
        var work = new WorkCounts();
        for (int i = 0; i < 100_000; i++) work.Count(1, TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < 100; i++) work.CountError();
        Assert.NotNull(new RollBackOptions().FaultOf(work.Report(), default));
    }

    [Fact]
    public async Task A_caller_can_ask_for_a_version_by_its_alias()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        Assert.Equal(400, (await host.Post("/models/churn/predict?version=candidate", Row)).Status);
        Assert.Contains("tilth_calls_total{model=\"churn\",status=\"400\"} 1", (string)(await host.Get("/metrics")).Body!);
        await Put(host, "/models/churn/shadow", Packages.Second.ToBytes());
        foreach (var (alias, version) in new[] { ("candidate", Packages.Second.Version), ("production", Packages.First.Version), (Packages.Second.Version, Packages.Second.Version) })
            Assert.Equal(version, (string?)(await host.Post($"/models/churn/predict?version={alias}", Row)).Body["version"]);
        var (status, refused) = await host.Post("/models/churn/predict?version=../../x", Row);
        Assert.Equal(400, status);
        Assert.Contains("'candidate'", (string)refused["detail"]!);
    }

    static WorkReport Work(int errors, int calls, double milliseconds) => new(calls, errors, calls - errors, TimeSpan.FromMilliseconds(milliseconds) * (calls - errors));

    static Task<(int Status, JsonNode Body)> Put(TestHost host, string path, byte[] package)
        => host.Send(path, new ByteArrayContent(package), "application/octet-stream", HttpMethod.Put);
}
