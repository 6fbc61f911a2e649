namespace Tilth.Apps.Tests;

/// <summary>What we ship can be installed from a folder and used, as a stranger would.</summary>
public class PackingTests
{
    [Fact]
    public void The_tool_installs_and_the_libraries_can_be_referenced()
    {
        using var folder = Folders.Temporary();
        string config = Feed.Config(folder);
        Feed.Succeeds("dotnet", ["tool", "install", "Tilth.Cli", "--tool-path", folder.At("tool"), "--add-source", Feed.Folder, "--configfile", config], folder.Path);
        Assert.Contains("train", Feed.Succeeds(folder.At("tool/tilth"), ["--help"]).Output);

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
        Assert.Contains("gradient_boosting", Feed.Succeeds("dotnet", ["run", "--project", folder.At("app")], folder.Path).Output);
    }
}
