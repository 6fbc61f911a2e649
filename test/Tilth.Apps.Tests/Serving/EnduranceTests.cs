using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Endpoints;

namespace Tilth.Apps.Tests.Serving;

/// <summary>More calls than there is room for, callers that are slow, and a server that is killed.</summary>
public class EnduranceTests
{
    const string Row = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""";

    [Fact]
    public async Task Calls_beyond_the_places_are_refused_at_once_and_the_others_are_answered()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.MaxConcurrency, options.MaxQueue) = (1, 1)).AddTilth("churn").From(Packages.First));
        // As many threads as calls, as `tilth serve` has: else two processors would bring only two calls at once.
        ThreadPool.SetMinThreads(32, 8);
        string body = "[" + string.Join(',', Enumerable.Repeat(Row, 5000)) + "]";
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(async () =>
        {
            using var answer = await host.Client.PostAsync("/models/churn/predict", new StringContent(body, null, "application/json"), TestContext.Current.CancellationToken);
            return (answer.StatusCode, Retry: answer.Headers.RetryAfter?.ToString());
        }, TestContext.Current.CancellationToken)));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.All(answers, answer => Assert.True(answer.StatusCode == HttpStatusCode.OK || (answer.StatusCode == HttpStatusCode.TooManyRequests && answer.Retry == "1")));
        Assert.Equal(200, (await host.Post("/models/churn/predict", Row)).Status);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task A_full_server_refuses_before_it_reads_the_body_and_counts_it(string type)
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.MaxConcurrency, options.MaxQueue) = (1, 0)).AddTilth("churn").From(Packages.First));
        var place = await host.Services.GetRequiredService<Guard>().Enter(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models/churn/predict") { Content = new StuckContent() };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.TooManyRequests, "1", "application/problem+json"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString(), answer.Content.Headers.ContentType?.MediaType));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(("Too many requests", 429, "overload"), ((string)problem["title"]!, (int)problem["status"]!, (string)problem["problems"]![0]!["code"]!));
        place!.Value.Dispose();
        Assert.Equal(200, (await host.Post("/models/churn/predict", Row)).Status);
        Assert.Contains("tilth_calls_total{model=\"churn\",status=\"429\"} 1", (string)(await host.Get("/metrics")).Body!);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.RequestTimeout = TimeSpan.FromSeconds(0.3)).AddTilth("churn").From(Packages.First));
        var (status, answer) = await host.Send("/models/churn/predict", new StuckContent(), "application/json", HttpMethod.Post);
        Assert.Equal(408, status);
        Assert.Contains("0.3 seconds", (string)answer["detail"]!);
    }

    [Fact]
    public async Task A_killed_server_keeps_its_log_and_starts_again_with_the_promoted_package()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        string key = Tilth.AspNetCore.Security.ApiKeys.Add(folder.At("keys"), "test", "admin");
        string[] args = [Run.ToolPath, "serve", folder.At("churn.tilth"), "--port", "0", "--keys", folder.At("keys"), "--store", folder.At("store"), "--log", folder.At("log")];
        var known = new HashSet<string>();
        string[] promoted = [Packages.Second.Version, Packages.First.Version, Packages.First.Version];
        for (int life = 0; life < 3; life++)
        {
            using var process = Run.Start("dotnet", args);
            string line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[2].TrimEnd(';')) };
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            var answered = new List<(string Id, long At)>();
            Assert.Equal(life == 0 ? Packages.First.Version : promoted[life - 1], await VersionOf(client));
            string version = "";
            for (long calls = 0; answered.Count < 20 || answered[9].At > Environment.TickCount64 - 1000; calls++)
            {
                if (life < 2 && calls == 3) (await client.PutAsync("/models/churn/production", new ByteArrayContent((life == 0 ? Packages.Second : Packages.First).ToBytes()), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
                using var answer = await client.PostAsync("/models/churn/predict", new StringContent(Row, null, "application/json"), TestContext.Current.CancellationToken);
                var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                answered.Add(((string)said["id"]!, Environment.TickCount64));
                version = (string)said["version"]!;
            }
            long killed = Environment.TickCount64;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(promoted[life], version);
            known.UnionWith(answered.Where(answer => answer.At <= killed - 1000).Select(answer => answer.Id));
        }
        var logged = Directory.GetFiles(folder.At("log")).SelectMany(WholeLines).Select(line => (string?)JsonNode.Parse(line)!["id"]).ToHashSet();
        Assert.True(known.Count >= 30);
        Assert.Empty(known.Except(logged.OfType<string>()));
        Assert.Null(Tilth.AspNetCore.Logs.AuditLog.FindFault(folder.At("store/audit.jsonl")));
    }

    [Fact]
    public async Task Slow_callers_hold_no_place_and_share_a_bounded_memory()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.MaxConcurrency, options.MaxBodyBytes, options.MaxBodyMemory) = (1, 1 << 18, 1 << 20)).AddTilth("churn").From(Packages.First));
        using var stop = new CancellationTokenSource();
        var slow = Enumerable.Range(0, 30).Select(_ => host.Client.PostAsync("/models/churn/predict", new StuckContent(100_000), stop.Token)).ToList();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var refused = slow.Where(call => call.IsCompleted).ToList();
        Assert.InRange(refused.Count, 10, 29); // 1 MiB holds a few of 128 KiB
        foreach (var call in refused) Assert.Equal(HttpStatusCode.TooManyRequests, (await call).StatusCode);
        await stop.CancelAsync();
        await Task.WhenAll(slow.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));
        for (int wait = 0; wait < 100; wait++)
        {
            if ((await host.Post("/models/churn/predict", Row)).Status == 200) return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail("the memory of callers that left was not given back");
    }

    static async Task<string> VersionOf(HttpClient client)
        => (string)JsonNode.Parse(await client.GetStringAsync("/models/churn/versions", TestContext.Current.CancellationToken))!["production"]!;

    /// <summary>Every line but a last one that a crash cut off.</summary>
    static IEnumerable<string> WholeLines(string file)
    {
        string text = File.ReadAllText(file, Encoding.UTF8);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Gives a few bytes, then nothing.</summary>
    sealed class StuckContent(int bytes = 1) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', bytes)), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(20), cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
