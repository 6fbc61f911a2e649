namespace Tilth.Apps.Tests;

/// <summary>A trimmed program opens what the tool trained: nothing that a package needs is reached by reflection.</summary>
public class TrimTests
{
    [Fact]
    public void A_trimmed_program_predicts_with_a_package_of_the_tool()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "publishes for linux-x64");
        using var folder = Folders.Temporary();
        var published = Run.Process("dotnet", ["publish", Path.Combine(Folders.Repository, "test", "Tilth.TrimSmoke"), "-c", "Release", "-r", "linux-x64", "--self-contained", "-o", folder.At("out"), "-v", "q", "-nologo"]);
        Assert.SkipWhen(published.ExitCode != 0 && published.ToString().Contains("NU1", StringComparison.Ordinal), "the packs for trimming are not there and cannot be fetched");
        Assert.True(published.ExitCode == 0, published.ToString());
        Assert.DoesNotContain("warning IL", published.Output);

        var ran = Run.Process(folder.At("out/Tilth.TrimSmoke"), [Cli.SmallModel.Package]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains(Run.Tilth("package", "verify", Cli.SmallModel.Package).Output.Split(' ')[1].TrimEnd(':'), ran.Output);
    }
}
