using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Tilth.Data.Samples;
using Tilth.Data.Sources;
using Tilth.Models.Heads;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.Apps.Tests;

/// <summary>Each sample runs, and the README shows the same text.</summary>
public class SampleTests
{
    [Fact]
    public void The_walk_runs_from_a_table_to_predictions()
    {
        using var folder = Folders.Temporary();
        CsvWriter.Write(folder.At("customers.csv"), SampleCatalog.Make("customers", 600).Table);
        CsvWriter.Write(folder.At("new.csv"), SampleCatalog.Make("customers", 3, seed: 3).Table.Without("churned"));
        var ran = Run.Process("dotnet", [Path.Combine(AppContext.BaseDirectory, "Walk.dll")], folder.Path);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.StartsWith("area under the ROC curve 0.", ran.Output);
        string[] lines = File.ReadAllLines(folder.At("predictions.csv"));
        Assert.Equal(4, lines.Length);
        Assert.Equal("prediction,probability_no,probability_yes,set_80,set_90,set_95", lines[0]);
    }

    [Fact]
    public void The_readme_shows_the_walk_as_it_is()
    {
        string code = Text("samples/Walk/Program.cs");
        Assert.Contains($"<!-- samples/Walk/Program.cs -->\n```csharp\n{code}```\n", Text("README.md"));
        Assert.True(code.Split('\n').Count(line => line.Length > 0 && !line.StartsWith("using", StringComparison.Ordinal)) <= 10, "ten lines are promised");
    }

    [Fact]
    public void The_console_program_says_who_leaves()
    {
        var ran = Run.Process("dotnet", [Path.Combine(AppContext.BaseDirectory, "Leavers.dll")]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        var model = new Predictor(ModelPackage.Open(SampleCustomers));
        double leaves = model.Predict(new Dictionary<string, object?>
        {
            ["signed_up"] = new DateTime(2025, 4, 20), ["contract"] = "monthly", ["monthly_charge"] = 71.5, ["data_gb"] = 18.0, ["support_calls"] = 4.0, ["payment"] = "invoice", ["newsletter"] = false, ["region"] = "north",
        }).Value;
        Assert.True(leaves > 0.5);
        Assert.StartsWith(FormattableString.Invariant($"monthly: leaves with a probability of {leaves:P1}, so yes"), ran.Output);
        Assert.Contains("\ntwo years: ", ran.Output);
        Assert.Contains("column 'contract' has a level, which training did not see; it counts as missing", ran.Output);
    }

    [Fact]
    public async Task The_web_application_answers_is_ready_and_follows_the_file()
    {
        using var folder = Folders.Temporary();
        File.Copy(SampleCustomers, folder.At("churn.tilth"));
        int port = ServerExportTests.FreePort();
        using var server = Run.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "LeaversWeb.dll"), "--Package", folder.At("churn.tilth"), "--urls", $"http://127.0.0.1:{port}"], folder.Path);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Until(async () => await client.GetStringAsync("/ready") == "Healthy");
            var row = new JsonObject { ["signed_up"] = "2025-04-20", ["contract"] = "monthly", ["monthly_charge"] = 71.5, ["data_gb"] = null, ["support_calls"] = 4, ["payment"] = "invoice", ["newsletter"] = false, ["region"] = "north" };
            var answer = await client.PostAsync("/leaves", new StringContent(row.ToJsonString(), null, "application/json"), TestContext.Current.CancellationToken);
            var package = ModelPackage.Open(SampleCustomers);
            double expected = new Predictor(package).Predict(new Dictionary<string, object?>
            {
                ["signed_up"] = new DateTime(2025, 4, 20), ["contract"] = "monthly", ["monthly_charge"] = 71.5, ["data_gb"] = null, ["support_calls"] = 4.0, ["payment"] = "invoice", ["newsletter"] = false, ["region"] = "north",
            }).Value;
            var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            Assert.Equal((expected, "yes", package.Version), ((double)said["probability"]!, (string)said["decision"]!, (string)said["version"]!));
            row.Remove("region");
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/leaves", new StringContent(row.ToJsonString(), null, "application/json"), TestContext.Current.CancellationToken)).StatusCode);

            // Learned again: the same columns, another version.
            var later = new ModelPackage(package.Schema, package.Node, package.Head with { Rule = new(DecisionKind.Threshold, 0.99) });
            later.Save(folder.At("churn.tilth"));
            await Until(async () => (await client.GetStringAsync("/version")).Contains(later.Version, StringComparison.Ordinal));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }

        static async Task Until(Func<Task<bool>> done)
        {
            for (var waited = Stopwatch.StartNew(); ;)
            {
                try
                {
                    if (await done()) return;
                }
                catch (HttpRequestException) when (waited.Elapsed < TimeSpan.FromMinutes(1))
                {
                    // It does not listen yet.
                }
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "it did not come");
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    static string SampleCustomers => Path.Combine(Folders.Repository, "samples", "Leavers", "churn.tilth");

    static string Text(string path) => File.ReadAllText(Path.Combine(Folders.Repository, path)).ReplaceLineEndings("\n");
}
