using System.Text.Json;
using Tilth.Data.Samples;
using Tilth.Data.Sources;

namespace Tilth.Apps.Tests.Cli;

/// <summary>What a search leaves beside its package can be listed, ranked and compared.</summary>
public class RunsTests
{
    [Fact]
    public void Runs_are_listed_ranked_and_compared()
    {
        using var folder = Folders.Temporary();
        CsvWriter.Write(folder.At("t.csv"), SampleCatalog.Make("customers", 400).Table);
        foreach (string name in (string[])["linear", "trees"])
        {
            string[] learners = name == "linear" ? ["--without", "extra_trees,gradient_boosting,oblivious_boosting,neural_network,random_forest,additive_boosting,kernel_ridge,k_nearest_neighbors"] : ["--without", "linear"];
            var ran = Run.Tilth(["train", folder.At("t.csv"), "--target", "churned", "--trials", "1", "--folds", "3", "--out", folder.At(name + ".tilth"), .. learners]);
            Assert.True(ran.ExitCode == 0, ran.ToString());
        }

        var runs = Json("runs", folder.Path).GetProperty("runs");
        Assert.Equal(["linear.run", "trees.run"], runs.EnumerateArray().Select(run => run.GetProperty("run").GetString()));
        Assert.Equal("done", runs[0].GetProperty("ended").GetString());
        Assert.Equal(Json("leaderboard", folder.At("linear.tilth")).ToString(), Json("leaderboard", folder.At("linear.run")).ToString());

        var rows = Json("compare", folder.At("linear.tilth"), folder.At("trees.run")).GetProperty("difference");
        double own = Json("compare", folder.At("linear.tilth"), folder.At("trees.tilth"), "--test", folder.At("t.csv")).GetProperty("difference").GetProperty("value").GetDouble();
        double Score(string name) => Json("leaderboard", folder.At(name)).GetProperty("leaderboard").GetProperty("blend")[0].GetDouble();
        Assert.Equal(400, rows.GetProperty("rows").GetInt32());
        Assert.InRange(rows.GetProperty("value").GetDouble(), rows.GetProperty("lower").GetDouble(), rows.GetProperty("upper").GetDouble());
        Assert.Equal(Score("linear.run") - Score("trees.run"), rows.GetProperty("value").GetDouble(), 0.02);
        Assert.NotEqual(own, rows.GetProperty("value").GetDouble());
        Assert.Equal(0, Json("compare", folder.At("trees.run"), folder.At("trees.run")).GetProperty("difference").GetProperty("value").GetDouble());
    }

    [Fact]
    public void In_a_pipe_progress_is_at_most_a_line_a_trial_and_a_second()
    {
        using var folder = Folders.Temporary();
        CsvWriter.Write(folder.At("t.csv"), SampleCatalog.Make("customers", 200).Table);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var ran = Run.Tilth("train", folder.At("t.csv"), "--target", "churned", "--trials", "8", "--folds", "3", "--time", "60s", "--out", folder.At("m.tilth"));
        Assert.True(ran.ExitCode == 0, ran.ToString());
        string[] trials = [.. ran.Error.Split('\n').Where(line => line.StartsWith("trial ", StringComparison.Ordinal))];
        Assert.InRange(trials.Length, 1, Math.Min(8, clock.Elapsed.TotalSeconds + 1));
        Assert.Equal(trials.Length, trials.Select(line => line.Split(':')[0]).Distinct().Count());
        Assert.DoesNotContain("left", string.Concat(trials));
    }

    [Fact]
    public void What_is_no_run_is_said()
    {
        using var folder = Folders.Temporary();
        Assert.Contains("no runs in", Run.TilthHere("runs", folder.Path).Output);
        Refuses("no folder '/nowhere'", "runs", "/nowhere");
        Refuses("no run or package 'nowhere'", "leaderboard", "nowhere");
        Refuses("is no run", "compare", folder.Path, folder.Path);
        Refuses("made without a search", "leaderboard", SmallModel.Package);
        Refuses("record 1 of", "leaderboard", Path.GetDirectoryName(folder.Write("trials.log", "00000000 {}\n00000000 {}\n"))!);
    }

    static JsonElement Json(params string[] call)
    {
        var ran = Run.TilthHere([.. call, "--json"]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return JsonDocument.Parse(ran.Output).RootElement;
    }

    static void Refuses(string naming, params string[] call)
    {
        var ran = Run.TilthHere(call);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(naming, ran.Error);
    }
}
