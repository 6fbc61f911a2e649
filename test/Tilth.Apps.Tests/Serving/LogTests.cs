using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Logs;

namespace Tilth.Apps.Tests.Serving;

/// <summary>The prediction log has what was answered, and not what is to be left out; it never holds a call up.</summary>
public class LogTests
{
    const string Row = """{"age": 70, "city": "Bern", "member": true, "since": "2021-05-03", "spend": 300}""";

    [Fact]
    public async Task Rows_answers_and_truths_are_written_without_the_columns_to_leave_out()
    {
        using var folder = Folders.Temporary();
        string id, refused;
        await using (var host = await Start(folder, options => options.LeaveOut = ["city"]))
        {
            var (_, answer) = await host.Post("/models/churn/predict", Row);
            id = (string)answer["id"]!;
            await host.Post("/models/churn/predict", $"[{Row},{{\"spend\": 1e6}}]");
            await host.Post("/models/churn/predict", "{\"age\": \"x\"}");
            Assert.Equal(202, (await host.Post("/models/churn/feedback", $"{{\"id\": \"{id}\", \"truth\": \"yes\"}}")).Status);
            refused = (string)(await host.Post("/models/churn/feedback", $"[{{\"id\": \"{id}\", \"truth\": \"maybe\"}}, {{\"truth\": 1}}]")).Body["detail"]!;
        }
        Assert.Contains("'no', 'yes'", refused);
        var lines = Lines(folder);
        Assert.Equal(4, lines.Count);
        Assert.Equal(id, (string?)lines[0]["id"]);
        Assert.Equal("""{"age":70,"member":true,"since":"2021-05-03T00:00:00","spend":300}""", lines[0]["row"]!.ToJsonString());
        Assert.Equal(Packages.First.Version, (string?)lines[0]["version"]);
        Assert.Equal("yes", (string?)lines[0]["prediction"]);
        Assert.Equal("""{"spend":1000000}""", lines[2]["row"]!.ToJsonString());
        Assert.Contains("out-of-range:spend", lines[2]["warnings"]!.ToJsonString());
        Assert.Equal((id, "yes"), ((string)lines[3]["feedback"]!, (string)lines[3]["truth"]!));
        Assert.DoesNotContain("Bern", string.Concat(lines.Select(line => line.ToJsonString())));
    }

    [Fact]
    public async Task Files_rotate_and_a_share_of_the_rows_is_written()
    {
        using var folder = Folders.Temporary();
        await using (var host = await Start(folder, options => (options.Share, options.SegmentBytes, options.MaxSegments) = (0.25, 10_000, 3)))
            for (int i = 0; i < 20; i++) await host.Post("/models/churn/predict", "[" + string.Join(',', Enumerable.Repeat(Row, 100)) + "]");
        int files = Directory.GetFiles(folder.At("log")).Length;
        Assert.InRange(files, 2, 4);
        await using (var host = await Start(folder, options => options.Folder = folder.At("all")))
            await host.Post("/models/churn/predict", Row);
        await using (var host = await Start(folder, options => (options.Folder, options.Share) = (folder.At("all"), 0.25)))
            for (int i = 0; i < 20; i++) await host.Post("/models/churn/predict", "[" + string.Join(',', Enumerable.Repeat(Row, 100)) + "]");
        Assert.InRange(Directory.GetFiles(folder.At("all")).Order().Skip(1).Sum(file => File.ReadLines(file).Count()), 400, 600);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_drops_rows_and_holds_no_call_up()
    {
        using var folder = Folders.Temporary();
        folder.Write("log", "a file where the folder should be");
        await using var host = await Start(folder, _ => { });
        for (int i = 0; i < 5; i++) Assert.Equal(200, (await host.Post("/models/churn/predict", Row)).Status);
        var log = host.Services.GetRequiredService<PredictionLog>();
        for (int wait = 0; wait < 100 && log.Counts.Dropped < 5; wait++) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal((0, 5), log.Counts);
        Assert.Contains("tilth_log_records_total{outcome=\"dropped\"} 5", (string)(await host.Get("/metrics")).Body!);
    }

    [Fact]
    public async Task Rows_beyond_what_may_wait_are_dropped_and_counted()
    {
        using var folder = Folders.Temporary();
        await using var host = await Start(folder, options => options.MaxWaitingBytes = 10);
        Assert.Equal(200, (await host.Post("/models/churn/predict", $"[{Row},{Row}]")).Status);
        Assert.Equal((0, 2), host.Services.GetRequiredService<PredictionLog>().Counts);
    }

    [Fact]
    public async Task Rows_are_joined_with_what_became_true_and_a_cut_line_is_passed_over()
    {
        using var folder = Folders.Temporary();
        var ids = new List<string>();
        await using (var host = await Start(folder, _ => { }))
        {
            for (int i = 0; i < 3; i++) ids.Add((string)(await host.Post("/models/churn/predict", Row)).Body["id"]!);
            await host.Post("/models/churn/feedback", $"[{{\"id\": \"{ids[0]}\", \"truth\": \"no\"}}, {{\"id\": \"{ids[2]}\", \"truth\": \"no\"}}, {{\"id\": \"{ids[0]}\", \"truth\": \"yes\"}}]");
        }
        File.AppendAllText(Directory.GetFiles(folder.At("log")).Single(), "{\"id\": \"cut o");
        var ran = Run.TilthHere("log", "join", folder.At("log"), "--out", folder.At("joined.jsonl"), "--truth", "churn", "--json");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Equal("""{"ok":true,"rows":3,"joined":2,"cutOff":1}""", JsonNode.Parse(ran.Output)!.ToJsonString());
        var rows = File.ReadLines(folder.At("joined.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(ids, rows.Select(row => (string)row["tilth_id"]!));
        Assert.Equal(["yes", null, "no"], rows.Select(row => (string?)row["churn"]));
        Assert.Equal("Bern", (string?)rows[0]["city"]);
        Assert.Equal(1, Run.TilthHere("log", "join", folder.At("none"), "--out", folder.At("x")).ExitCode);
    }

    [Fact]
    public void An_audit_log_goes_on_after_a_cut_line_and_shows_a_changed_one()
    {
        using var folder = Folders.Temporary();
        string path = folder.At("audit.jsonl");
        new AuditLog(path, TimeProvider.System).Write("anna", "promote", "churn", "1");
        File.AppendAllText(path, "{\"time\":\"2026");
        var again = new AuditLog(path, TimeProvider.System);
        again.Write("ben", "rollback", "churn", "2");
        again.Write("ben", "promote", "churn", "3");
        Assert.Equal(0, Run.TilthHere("log", "verify", path).ExitCode);
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(3, lines.Length);
        File.WriteAllLines(path, lines.Where((_, i) => i != 1));
        var ran = Run.TilthHere("log", "verify", path);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("line 2", ran.Error);
    }

    static Task<TestHost> Start(TemporaryFolder folder, Action<PredictionLogOptions> configure) => TestHost.Start(services =>
    {
        var log = new PredictionLogOptions { Folder = folder.At("log") };
        configure(log);
        services.AddTilth(options => options.PredictionLog = log).AddTilth("churn").From(Packages.First);
    });

    static List<JsonNode> Lines(TemporaryFolder folder)
        => [.. Directory.GetFiles(folder.At("log")).Order().SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!)];
}
