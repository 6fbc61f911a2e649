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
