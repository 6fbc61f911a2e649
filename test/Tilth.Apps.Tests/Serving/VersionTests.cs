using System.Text.Json.Nodes;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Logs;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.Apps.Tests.Serving;

/// <summary>Which package answers can change under load, and no answer is ever mixed or lost.</summary>
public class VersionTests
{
    const string Row = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""";

    [Fact]
    public async Task A_hundred_swaps_under_load_lose_and_mix_nothing()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.AllowAnonymousChanges, options.MaxQueue) = (true, 1000)).AddTilth("churn").From(Packages.First));
        var expected = new Dictionary<string, double> { [Packages.First.Version] = Yes(Packages.First), [Packages.Second.Version] = Yes(Packages.Second) };
        Assert.NotEqual(expected[Packages.First.Version], expected[Packages.Second.Version]);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            int calls = 0;
            while (!stop.IsCancellationRequested)
            {
                var (status, answer) = await host.Post("/models/churn/predict", Row);
                Assert.Equal(200, status);
                Assert.Equal(expected[(string)answer["version"]!], (double)answer["probabilities"]!["yes"]!);
                calls++;
            }
            return calls;
        }, TestContext.Current.CancellationToken)).ToArray();
        byte[][] packages = [Packages.Second.ToBytes(), Packages.First.ToBytes()];
        for (int swap = 0; swap < 100; swap++)
        {
            var (status, answer) = await Put(host, "/models/churn/production", packages[swap % 2]);
            Assert.Equal(200, status);
            Assert.Equal(swap % 2 == 0 ? Packages.Second.Version : Packages.First.Version, (string?)answer["production"]);
        }
        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(callers)).Sum() > 100);
    }

    [Fact]
    public async Task Rollback_returns_to_an_earlier_package_and_the_store_outlives_the_process()
    {
        using var folder = Folders.Temporary();
        void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection services)
            => services.AddTilth(options => (options.AllowAnonymousChanges, options.StoreFolder) = (true, folder.At("store"))).AddTilth("churn").From(Packages.First);
        await using (var host = await TestHost.Start(Configure))
        {
            Assert.Equal(400, (await host.Post("/models/churn/rollback", "")).Status);
            await Put(host, "/models/churn/production", Packages.Second.ToBytes());
            Assert.Equal(400, (await host.Post("/models/churn/rollback?version=000000000000", "")).Status);
            var (_, back) = await host.Post("/models/churn/rollback", "");
            Assert.Equal(Packages.First.Version, (string?)back["production"]);
            await host.Post($"/models/churn/rollback?version={Packages.Second.Version}", "");
        }
        await using (var again = await TestHost.Start(Configure))
        {
            Assert.Equal(Packages.Second.Version, (string?)(await again.Get("/models/churn/versions")).Body["production"]);
            var (_, back) = await again.Post($"/models/churn/rollback?version={Packages.First.Version}", "");
            Assert.Equal(Packages.First.Version, (string?)back["production"]);
        }
        string audit = folder.At("store/audit.jsonl");
        Assert.Equal(["loaded", "production", "rollback", "rollback", "loaded", "rollback"], File.ReadLines(audit).Select(line => (string)JsonNode.Parse(line)!["did"]!));
        Assert.Null(AuditLog.FindFault(audit));
        File.WriteAllText(audit, File.ReadAllText(audit).Replace("\"did\":\"production\"", "\"did\":\"prodoction\""));
        Assert.Equal(2, AuditLog.FindFault(audit));
    }

    [Fact]
    public async Task A_canary_answers_its_share_and_sticks_to_a_key()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        Assert.Equal(400, (await Put(host, "/models/churn/canary?share=2", Packages.Second.ToBytes())).Status);
        Assert.Equal(409, (await Put(host, "/models/churn/canary?share=0.5", Packages.Number.ToBytes())).Status);
        Assert.Equal(200, (await Put(host, "/models/churn/canary?share=0.3", Packages.Second.ToBytes())).Status);
        int canary = 0;
        for (int i = 0; i < 400; i++)
        {
            string first = await VersionFor(host, $"customer {i}");
            if (first == Packages.Second.Version) canary++;
            if (i < 20) Assert.Equal(first, await VersionFor(host, $"customer {i}"));
        }
        Assert.InRange(canary, 80, 160);
        await host.Post("/models/churn/promote", "");
        Assert.Equal(Packages.Second.Version, await VersionFor(host, "anybody"));
        Assert.Null((await host.Get("/models/churn/versions")).Body["canary"]);
    }

    [Fact]
    public async Task A_shadow_is_scored_unseen_and_its_differences_are_counted()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        await Put(host, "/models/churn/shadow", Packages.Second.ToBytes());
        for (int i = 0; i < 10; i++)
            Assert.Equal(Packages.First.Version, (string?)(await host.Post("/models/churn/predict", $"[{Row},{Row}]")).Body["version"]);
        JsonNode differences = (await host.Get("/models/churn/versions")).Body["shadowDifferences"]!;
        for (int wait = 0; wait < 100 && (int)differences["rows"]! < 20; wait++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            differences = (await host.Get("/models/churn/versions")).Body["shadowDifferences"]!;
        }
        Assert.Equal(20, (int)differences["rows"]!);
        Assert.Equal(Math.Abs(Yes(Packages.First) - Yes(Packages.Second)), (double)differences["largestDifference"]!);
    }

    [Fact]
    public async Task A_watched_file_is_swapped_and_a_broken_one_changes_nothing()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        await using var host = await TestHost.Start(services => services.AddTilthFolder(folder.Path, watch: true));
        File.WriteAllText(folder.At("other.tilth"), "no package");
        Packages.Second.Save(folder.At("churn.tilth"));
        for (int wait = 0; wait < 100 && await VersionFor(host, "x") != Packages.Second.Version; wait++) await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(Packages.Second.Version, await VersionFor(host, "x"));
        Assert.Equal(404, (await host.Get("/models/other")).Status);
    }

    [Fact]
    public async Task A_hostile_package_changes_nothing()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => (options.AllowAnonymousChanges, options.MaxPackageBytes) = (true, 4 << 20)).AddTilth("churn").From(Packages.First));
        byte[] damaged = Packages.Second.ToBytes();
        damaged[damaged.Length / 2] ^= 1;
        Assert.Equal(400, (await Put(host, "/models/churn/production", damaged)).Status);
        Assert.Equal(400, (await Put(host, "/models/churn/production", [])).Status);
        Assert.Equal(413, (await Put(host, "/models/churn/production", new byte[5 << 20])).Status);
        Assert.Equal(400, (await Put(host, "/models/.hidden/production", damaged)).Status);
        Assert.Equal(Packages.First.Version, await VersionFor(host, "x"));
    }

    static double Yes(ModelPackage package)
        => new Predictor(package).Predict(new Dictionary<string, object?> { ["age"] = 70, ["city"] = "Bern", ["member"] = true, ["since"] = "2021-05-03", ["spend"] = 300 }).Value;

    static Task<(int Status, JsonNode Body)> Put(TestHost host, string path, byte[] package)
        => host.Send(path, new ByteArrayContent(package), "application/octet-stream", HttpMethod.Put);

    static async Task<string> VersionFor(TestHost host, string sticky)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models/churn/predict") { Content = new StringContent(Row, null, "application/json") };
        request.Headers.Add("Tilth-Key", sticky);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["version"]!;
    }
}
