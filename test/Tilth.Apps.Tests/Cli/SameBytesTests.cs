using System.Security.Cryptography;
using Tilth.Data.Samples;
using Tilth.Data.Sources;

namespace Tilth.Apps.Tests.Cli;

/// <summary>The same data, plan and seed give the same package, byte for byte.</summary>
public class SameBytesTests
{
    [Fact]
    public void Whatever_the_threads_the_process_and_the_instructions_of_the_processor()
    {
        using var folder = Folders.Temporary();
        CsvWriter.Write(folder.At("t.csv"), SampleCatalog.Make("customers", 1500).Table);
        string first = Train(folder, "1");
        Assert.Equal(first, Train(folder, "1"));
        Assert.Equal(first, Train(folder, "2"));
        Assert.Equal(first, Train(folder, "4"));
        Assert.Equal(first, Train(folder, "2", ("DOTNET_EnableAVX512", "0")));
        Assert.Equal(first, Train(folder, "2", ("DOTNET_EnableAVX2", "0")));
        Assert.NotEqual(first, Train(folder, "2", seed: "1"));
    }

    static string Train(TemporaryFolder folder, string threads, (string, string)? environment = null, string seed = "0")
    {
        var ran = Run.Process("dotnet", [Run.ToolPath, "train", folder.At("t.csv"), "--out", folder.At("m.tilth"), "--threads", threads, "--seed", seed, .. SmallModel.Quick],
            environment: environment is { } set ? [set] : null);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(folder.At("m.tilth"))));
    }
}
