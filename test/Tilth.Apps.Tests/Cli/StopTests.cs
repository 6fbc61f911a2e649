using System.Diagnostics;
using System.Globalization;
using Tilth.Data.Samples;
using Tilth.Data.Sources;

namespace Tilth.Apps.Tests.Cli;

/// <summary>Ctrl-C once keeps the best so far, twice leaves; a time budget is the same as the first.</summary>
public class StopTests
{
    const int Stopped = 130;

    [Fact]
    public void Once_keeps_what_is_done()
    {
        using var folder = Folders.Temporary();
        var (exitCode, error) = Interrupt(folder, times: 1);
        Assert.True(exitCode == Stopped, error);
        Assert.Contains("stopped before its end", error);
        Assert.Equal(0, Run.Tilth("package", "verify", folder.At("m.tilth")).ExitCode);
        Run.Tilth("report", folder.At("m.tilth"), "--out", folder.At("r.html"));
        Assert.Contains("The training was stopped early", File.ReadAllText(folder.At("r.html")));
    }

    [Fact]
    public void Twice_leaves_and_writes_nothing()
    {
        using var folder = Folders.Temporary();
        var (exitCode, error) = Interrupt(folder, times: 2);
        Assert.True(exitCode == Stopped, error);
        Assert.DoesNotContain("   at ", error);
        Assert.Equal(["t.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_time_budget_ends_with_a_package()
    {
        using var folder = Folders.Temporary();
        var ran = Run.Tilth("train", Table(folder), "--target", "churned", "--effort", "quick", "--time", "0.5s", "--out", folder.At("m.tilth"));
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains("stopped before its end", ran.Error);
        Assert.Equal(0, Run.Tilth("package", "verify", folder.At("m.tilth")).ExitCode);
    }

    [Fact]
    public void A_search_gives_the_best_so_far_soon_after_Ctrl_C()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        using var folder = Folders.Temporary();
        using var process = Search(folder, "--time", "100s");
        _ = process.StandardOutput.ReadToEndAsync();
        while (process.StandardError.ReadLine() is { } line && (!line.StartsWith("trial ", StringComparison.Ordinal) || line.StartsWith("trial 1:", StringComparison.Ordinal))) { }
        var clock = Stopwatch.StartNew();
        Run.Process("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        // A second on a machine that is not busy.
        Assert.True(clock.Elapsed.TotalSeconds < 5, $"{clock.Elapsed}");
        Assert.True(process.ExitCode == Stopped, $"{process.ExitCode}: {error}");
        Assert.Equal(0, Run.Tilth("package", "verify", folder.At("m.tilth")).ExitCode);
    }

    [Fact]
    public void A_verb_with_nothing_to_keep_says_that_it_was_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        using var folder = Folders.Temporary();
        string pipe = folder.At("t.csv");
        Run.Process("mkfifo", [pipe]);
        using var process = Run.Start("dotnet", [Run.ToolPath, "inspect", pipe]);
        // Opening it waits for the verb to read, and then nothing comes.
        using var never = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Run.Process("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal("tilth: stopped; nothing was written", process.StandardError.ReadToEnd().Trim());
        process.WaitForExit();
        Assert.Equal(Stopped, process.ExitCode);
    }

    [Fact]
    public void A_search_that_is_killed_goes_on_and_loses_nothing_that_was_finished()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        using var folder = Folders.Temporary();
        var random = new Random(1);
        int done = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            using var process = Search(folder, ["--trials", "30", .. kill > 0 ? ["--resume"] : (string[])[]]);
            process.WaitForExit(TimeSpan.FromSeconds(1 + 3 * random.NextDouble()));
            process.Kill();
            process.WaitForExit();
            int now = Done();
            Assert.True(now >= done, $"{done} trials were done before, {now} after");
            done = now;
        }
        var ran = Run.Tilth(["train", folder.At("t.csv"), "--target", "churned", "--out", folder.At("m.tilth"), "--folds", "2", "--trials", (done + 1).ToString(CultureInfo.InvariantCulture), "--resume"]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Equal(done + 1, Done());
        Assert.Equal(0, Run.Tilth("package", "verify", folder.At("m.tilth")).ExitCode);

        int Done() => File.Exists(folder.At("m.run/trials.log")) ? File.ReadLines(folder.At("m.run/trials.log")).Count(line => line.EndsWith('}') && line.Contains("\"kind\":\"trial\"")) : 0;
    }

    static Process Search(TemporaryFolder folder, params string[] options)
    {
        if (!File.Exists(folder.At("t.csv"))) CsvWriter.Write(folder.At("t.csv"), SampleCatalog.Make("customers", 300).Table);
        return Run.Start("dotnet", [Run.ToolPath, "train", folder.At("t.csv"), "--target", "churned", "--out", folder.At("m.tilth"), "--folds", "2", .. options]);
    }

    static string Table(TemporaryFolder folder)
    {
        CsvWriter.Write(folder.At("t.csv"), SampleCatalog.Make("customers", 6000).Table);
        return folder.At("t.csv");
    }

    /// <summary>Starts a training and presses Ctrl-C once it learns, and again once it has heard.</summary>
    static (int ExitCode, string Error) Interrupt(TemporaryFolder folder, int times)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        using var process = Run.Start("dotnet", [Run.ToolPath, "train", Table(folder), "--target", "churned", "--out", folder.At("m.tilth"), "--set", "early_stopping_rounds=1000"]);
        var output = process.StandardOutput.ReadToEndAsync();
        string error = "";
        for (int press = 0; press < times && process.StandardError.ReadLine() is { } line; press++)
        {
            error += line + "\n";
            Run.Process("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        }
        error += process.StandardError.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60))) process.Kill();
        return (process.ExitCode, error + output.Result);
    }
}
