using System.Text.Json;

namespace Tilth.Apps.Tests.Cli;

/// <summary>What stands on the two outputs, and where the files go.</summary>
public class OutputTests
{
    [Fact]
    public void Json_is_one_document_on_the_standard_output_for_every_verb()
    {
        using var folder = Folders.Temporary();
        string table = SmallModel.Table, package = SmallModel.Package;
        string[][] calls =
        [
            ["inspect", table, "--write-schema", folder.At("s.json")],
            ["train", table, "--schema", folder.At("s.json"), "--out", folder.At("m.tilth"), .. SmallModel.Quick],
            ["evaluate", package, table, "--gate", "auc>=0.5"],
            ["predict", package, table, "--out", folder.At("p.csv")],
            ["explain", package, table, "--rows", "1", "--orders", "2", "--counterfactual", "--html", folder.At("e.html")],
            ["report", package, "--out", folder.At("r.html"), "--rows-are", "customers"],
            ["report", package, "--out", folder.At("r.html"), "--data", table, "--show-rows"],
            ["card", package, "--out", folder.At("c.md")],
            ["inspect", table, "--html", folder.At("i.html")],
            ["package", "show", package],
            ["package", "verify", package],
        ];
        foreach (string[] call in calls)
        {
            var ran = Run.Tilth([.. call, "--json"]);
            Assert.True(ran.ExitCode == 0, ran.ToString());
            Assert.True(Document(ran).GetProperty("ok").GetBoolean());
            Assert.DoesNotContain('\u001b', ran.Output + ran.Error);
        }
    }

    [Fact]
    public void A_schema_goes_to_the_standard_output_and_makes_no_file_of_that_name()
    {
        var ran = Run.Tilth(["inspect", SmallModel.Table, "--write-schema", "-"]);
        Assert.Equal(0, ran.ExitCode);
        Assert.Equal("tilth-schema", JsonDocument.Parse(ran.Output).RootElement.GetProperty("format").GetString());
        Assert.False(File.Exists("-"));
    }

    [Fact]
    public void Groups_are_held_to_a_limit_and_goals_are_given_once()
    {
        Assert.Equal(2, Run.Tilth(["evaluate", SmallModel.Package, SmallModel.Table, "--groups", "contract", "--max-gap", "0"]).ExitCode);
        Assert.Contains("--groups", Run.Tilth(["evaluate", SmallModel.Package, SmallModel.Table, "--max-gap", "0.1"]).Error);
        Assert.Contains("one of --cost", Run.Tilth(["train", SmallModel.Table, "--target", "churned", "--cost", "miss=4,false-alarm=1", "--capacity", "20"]).Error);
        Assert.Contains("miss", Run.Tilth(["train", SmallModel.Table, "--target", "churned", "--cost", "false-alarm=1"]).Error);
    }

    [Theory]
    [InlineData("train", "--json")]
    [InlineData("predcit", "--json")]
    [InlineData("package", "show", "nothing.tilth", "--json")]
    [InlineData("inspect", "nothing.csv", "--json")]
    public void Json_of_a_failure_names_the_problems(params string[] call)
    {
        var ran = Run.Tilth(call);
        Assert.Equal(1, ran.ExitCode);
        Assert.False(Document(ran).GetProperty("ok").GetBoolean());
        Assert.NotEmpty(Document(ran).GetProperty("problems")[0].GetProperty("message").GetString()!);
    }

    [Fact]
    public void A_gate_that_does_not_hold_gives_exit_code_2()
    {
        var ran = Run.Tilth("evaluate", SmallModel.Package, SmallModel.Table, "--gate", "auc.lower>=0.9999", "--json");
        Assert.Equal(2, ran.ExitCode);
        Assert.False(Document(ran).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public void Rows_that_are_opened_again_are_told_from_new_ones()
    {
        string ledger = Path.Combine(Directory.CreateTempSubdirectory("tilth-ledger-").FullName, "kept");
        string[] command = ["evaluate", SmallModel.Package, SmallModel.Table, "--ledger", ledger, "--json"];
        var (first, second) = (Run.Tilth(command), Run.Tilth(command));
        Assert.Equal(0, Document(first).GetProperty("opened_before").GetInt32());
        Assert.DoesNotContain("opened", first.Error);
        Assert.Equal(1, Document(second).GetProperty("opened_before").GetInt32());
        Assert.Contains("opened once before", second.Error);
    }

    [Fact]
    public void A_ledger_that_nobody_asked_for_is_told_once()
    {
        using var folder = Folders.Temporary();
        File.Copy(SmallModel.Table, folder.At("later.csv"));
        string[] command = ["evaluate", SmallModel.Package, folder.At("later.csv")];
        Assert.Contains("later.csv.openings'; --ledger none keeps nothing", Run.Tilth(command).Error);
        Assert.DoesNotContain("--ledger none", Run.Tilth(command).Error);
        Assert.Equal(2, File.ReadAllLines(folder.At("later.csv.openings")).Length);
    }

    [Fact]
    public void Where_a_package_cannot_say_the_prediction_says_so()
    {
        var ran = Run.Tilth("predict", SmallModel.Package, SmallModel.Table, "--sure", "95");
        string[] lines = ran.Output.Split('\n');
        Assert.Contains("set_95", lines[0]);
        Assert.Contains(lines, line => line.Contains("cannot say", StringComparison.Ordinal));
        var refused = Run.Tilth("predict", SmallModel.Package, SmallModel.Table, "--sure", "42");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("promises sets of 80, 90, 95 %", refused.Error);
    }

    [Fact]
    public void Pipes_get_no_escape_sequences_and_a_sentence_stays_on_one_line()
    {
        var ran = Run.Tilth("evaluate", SmallModel.Package, SmallModel.Table, "--gate", "rmse<3");
        Assert.DoesNotContain('\u001b', ran.Output + ran.Error);
        Assert.Contains(ran.Output.Split('\n'), line => line.StartsWith("GATE FAILED: rmse is not measured", StringComparison.Ordinal) && line.Contains("'mcc'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/nowhere/m.tilth", "no folder '/nowhere'")]
    [InlineData("/proc/m.tilth", "takes no new files")]
    public void A_place_that_cannot_be_written_is_refused_before_the_work(string path, string rule)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the paths are those of Linux");
        var ran = Run.Tilth(["train", SmallModel.Table, "--out", path, .. SmallModel.Quick]);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(rule, ran.Error);
        Assert.DoesNotContain("fold", ran.Error.Replace("folder", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_is_named_and_loses_nothing()
    {
        using var folder = Folders.Temporary();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "a small file system can be mounted by root on Linux only");
        Assert.SkipUnless(Run.Process("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder.Path]).ExitCode == 0, "no file system can be mounted here");
        try
        {
            var trained = Run.Tilth(["train", SmallModel.Table, "--out", folder.At("m.tilth"), .. SmallModel.Quick]);
            Assert.Equal(1, trained.ExitCode);
            Assert.Contains("the disk is full; what was learned is kept in '", trained.Error);
            string kept = trained.Error.Split("kept in '")[1].Split('\'')[0];
            Assert.Equal(File.ReadAllBytes(SmallModel.Package), File.ReadAllBytes(kept));
            File.Delete(kept);

            Assert.Contains("the disk is full", Run.Tilth("predict", SmallModel.Package, SmallModel.Table, "--out", folder.At("p.csv")).Error);
            Assert.Contains("the disk is full", Run.Tilth("report", SmallModel.Package, "--out", folder.At("r.html")).Error);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }
        finally
        {
            Run.Process("umount", [folder.Path]);
        }
    }

    [Fact]
    public void A_reader_that_has_seen_enough_ends_the_run_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        var ran = Run.Process("bash", ["-o", "pipefail", "-c", "\"$0\" \"$1\" predict \"$2\" \"$3\" | true", "dotnet", Run.ToolPath, SmallModel.Package, SmallModel.Table]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Equal("", ran.Error);
    }

    static JsonElement Document(Ran ran) => JsonDocument.Parse(ran.Output).RootElement;
}
