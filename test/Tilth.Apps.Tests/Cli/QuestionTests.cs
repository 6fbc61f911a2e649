namespace Tilth.Apps.Tests.Cli;

/// <summary>What the tool asks of people who sit at a terminal, and only of them.</summary>
public class QuestionTests
{
    const string Script = "/usr/bin/script"; // gives a child a terminal (util-linux)

    [Fact]
    public void At_a_terminal_the_columns_are_asked_about_and_the_answers_are_kept()
    {
        Assert.SkipUnless(File.Exists(Script), "no 'script' command, which makes a terminal");
        using var folder = Folders.Temporary();
        var asked = AtTerminal(folder, "'n\\n\\ny\\n'", "");
        Assert.Contains("is saved, and no time counts any more", asked.Output);
        Assert.Contains("[y/n, Enter: do not know]", asked.Output);
        Assert.Contains("Train again with --exclude", asked.Output);
        Assert.Contains("3 answers", asked.Output);
        var shown = Run.Tilth("report", folder.At("m.tilth"), "--out", folder.At("r.html"));
        Assert.Equal(0, shown.ExitCode);
        string page = File.ReadAllText(folder.At("r.html"));
        Assert.Contains("Do not trust the score", page);
        Assert.Contains("answered in the terminal after training", page);
        Assert.DoesNotContain("[y/n", AtTerminal(folder, "''", " --yes").Output);
    }

    [Fact]
    public void Nobody_is_asked_in_a_pipe()
    {
        using var folder = Folders.Temporary();
        var ran = Run.Tilth(["train", SmallModel.Table, "--out", folder.At("m.tilth"), .. SmallModel.Quick]);
        Assert.Equal(0, ran.ExitCode);
        Assert.DoesNotContain("[y/n", ran.Output + ran.Error);
    }

    /// <summary>How long a call took is known only when it is over: no proof can say so, but the question must be asked.</summary>
    [Fact]
    public void The_length_of_a_call_is_among_the_columns_asked_about()
    {
        string? data = Folders.Data is { } all ? Path.Combine(all, "binary", "bank_marketing", "train.csv.gz") : null;
        Assert.SkipUnless(File.Exists(data), "no shared/data/binary/bank_marketing (set TILTH_DATA)");
        using var folder = Folders.Temporary();
        var ran = Run.Tilth("train", data!, "--target", "y", "--effort", "quick", "--no-refit", "--set", "n_estimators=60", "--set", "learning_rate=0.1", "--out", folder.At("m.tilth"));
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Matches("Is 'duration' \\([0-9]+ ?% of what moves the predictions\\) known when the prediction is made", ran.Output);
    }

    static Ran AtTerminal(TemporaryFolder folder, string lines, string option)
        => Run.Process("bash", ["-c", $"printf {lines} | env -u CI {Script} -qec \"dotnet '{Run.ToolPath}' train '{SmallModel.Table}' --out '{folder.At("m.tilth")}' {string.Join(' ', SmallModel.Quick)}{option}\" /dev/null"]);
}
