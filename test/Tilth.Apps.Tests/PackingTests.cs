namespace Tilth.Apps.Tests;

/// <summary>What we ship can be installed from a folder and used, as a stranger would.</summary>
public class PackingTests
{
    [Fact]
    public void The_tool_installs_and_the_libraries_can_be_referenced()
    {
        using var folder = Folders.Temporary();
        string feed = folder.At("feed");
        foreach (string project in (string[])["Tilth.Runtime", "Tilth", "Tilth.AspNetCore", "Tilth.Cli"])
            Succeeds("dotnet", ["pack", Path.Combine(Folders.Repository, "src", project), "-c", "Release", "-o", feed, "-v", "q", "-nologo"]);
        folder.Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder.At("packages")}" /></config>
              <packageSources><clear /><add key="here" value="{feed}" /></packageSources>
            </configuration>
            """);

        Succeeds("dotnet", ["tool", "install", "Tilth.Cli", "--tool-path", folder.At("tool"), "--add-source", feed, "--configfile", folder.At("nuget.config")], folder.Path);
        Assert.Contains("train", Succeeds(folder.At("tool/tilth"), ["--help"]).Output);

        Directory.CreateDirectory(folder.At("app"));
        folder.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="Tilth" Version="*" /><PackageReference Include="Tilth.Runtime" Version="*" /></ItemGroup>
            </Project>
            """);
        folder.Write("app/Program.cs", """
            Console.WriteLine(string.Join(' ', Tilth.Learners.LearnerCatalog.All.Select(entry => entry.Name)));
            """);
        Assert.Contains("gradient_boosting", Succeeds("dotnet", ["run", "--project", folder.At("app")], folder.Path).Output);
    }

    static Ran Succeeds(string file, string[] args, string? folder = null)
    {
        var ran = Run.Process(file, args, folder);
        Assert.True(ran.ExitCode == 0, $"{file} {string.Join(' ', args)}: {ran}");
        return ran;
    }
}
