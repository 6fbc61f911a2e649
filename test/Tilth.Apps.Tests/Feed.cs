namespace Tilth.Apps.Tests;

/// <summary>Our packages in a folder, packed once for all tests that install them as a stranger would.</summary>
static class Feed
{
    static readonly Lazy<string> folder = new(Pack);

    public static string Folder => folder.Value;

    /// <summary>A nuget.config that knows this feed only and keeps what it unpacks beside itself.</summary>
    public static string Config(TemporaryFolder work) => work.Write("nuget.config", $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="{work.At("packages")}" /></config>
          <packageSources><clear /><add key="here" value="{Folder}" /></packageSources>
        </configuration>
        """);

    /// <summary>Runs a program that must succeed.</summary>
    public static Ran Succeeds(string file, string[] args, string? at = null)
    {
        var ran = Run.Process(file, args, at);
        Assert.True(ran.ExitCode == 0, $"{file} {string.Join(' ', args)}: {ran}");
        return ran;
    }

    static string Pack()
    {
        string at = Directory.CreateTempSubdirectory("tilth-feed-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(at, recursive: true);
        foreach (string project in (string[])["Tilth.Runtime", "Tilth", "Tilth.AspNetCore", "Tilth.Cli"])
            Succeeds("dotnet", ["pack", Path.Combine(Folders.Repository, "src", project), "-c", "Release", "-o", at, "-v", "q", "-nologo"]);
        return at;
    }
}
