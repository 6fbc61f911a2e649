using System.Runtime.InteropServices;

namespace Tilth.Apps.Tests;

/// <summary>A trimmed program opens packages and predicts the bits that are stored: nothing is reached by reflection.</summary>
public class TrimTests
{
    static readonly string smoke = Path.Combine(Folders.Repository, "test", "Tilth.TrimSmoke"), golden = Path.Combine(smoke, "golden");

    static string[] Packages => [.. Directory.GetFiles(golden, "*.tilth").Order(StringComparer.Ordinal)];

    [Fact]
    public void A_trimmed_program_predicts_the_stored_bits_and_opens_a_package_of_the_tool()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "publishes for linux-x64");
        using var folder = Folders.Temporary();
        var published = Run.Process("dotnet", ["publish", smoke, "-c", "Release", "-r", "linux-x64", "--self-contained", "-o", folder.At("out"), "-v", "q", "-nologo"]);
        Assert.SkipWhen(published.ExitCode != 0 && published.ToString().Contains("NU1", StringComparison.Ordinal), "the packs for trimming are not there and cannot be fetched");
        Assert.True(published.ExitCode == 0, published.ToString());
        Assert.DoesNotContain("warning IL", published.Output);

        var ran = Run.Process(folder.At("out/Tilth.TrimSmoke"), [.. Packages, Cli.SmallModel.Package]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.StartsWith(Stored, ran.Output);
        Assert.Contains(Run.Tilth("package", "verify", Cli.SmallModel.Package).Output.Split(' ')[1].TrimEnd(':'), ran.Output);
    }

    [Fact]
    public void The_same_program_whole_predicts_the_stored_bits()
    {
        var ran = Run.Process("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tilth.TrimSmoke.dll"), .. Packages]);
        Assert.Equal((0, Stored), (ran.ExitCode, ran.Output));
    }

    static string Stored => File.ReadAllText(Path.Combine(golden, "predictions.txt"));
}
