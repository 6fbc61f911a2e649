using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.AspNetCore;

namespace Tilth.Apps.Tests.Serving;

/// <summary>More calls than there is room for, callers that are slow, and a server that is killed.</summary>
public class EnduranceTests
{
    const string Row = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""";

    [Fact]
    public async Task Calls_beyond_the_places_are_refused_at_once_and_the_others_are_answered()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.MaxConcurrency, options.MaxQueue) = (1, 1)).AddTilth("churn").From(Packages.First));
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
        for (int life = 0; life < 2; life++)
        {
            using var process = Run.Start("dotnet", args);
            string line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[2].TrimEnd(';')) };
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            var early = new List<string>();
            string version = "";
            for (long start = Environment.TickCount64, calls = 0; Environment.TickCount64 - start < 2200; calls++)
            {
                if (life == 0 && calls == 3) (await client.PutAsync("/models/churn/production", new ByteArrayContent(Packages.Second.ToBytes()), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
                using var answer = await client.PostAsync("/models/churn/predict", new StringContent(Row, null, "application/json"), TestContext.Current.CancellationToken);
                var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                if (Environment.TickCount64 - start < 1000) early.Add((string)said["id"]!);
                version = (string)said["version"]!;
                if (life > 0) Assert.Equal(Packages.Second.Version, version);
            }
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Packages.Second.Version, version);
            known.UnionWith(early);
        }
        var logged = Directory.GetFiles(folder.At("log")).SelectMany(WholeLines).Select(line => (string?)JsonNode.Parse(line)!["id"]).ToHashSet();
        Assert.True(known.Count > 10);
        Assert.Empty(known.Except(logged.OfType<string>()));
        Assert.Null(Tilth.AspNetCore.Logs.AuditLog.FindFault(folder.At("store/audit.jsonl")));
    }

    /// <summary>Every line but a last one that a crash cut off.</summary>
    static IEnumerable<string> WholeLines(string file)
    {
        string text = File.ReadAllText(file, Encoding.UTF8);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Gives one byte, then nothing.</summary>
    sealed class StuckContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync("{"u8.ToArray(), cancellationToken);
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
