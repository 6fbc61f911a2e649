using Tilth.Data.Samples;
using Tilth.Data.Sources;

namespace Tilth.Apps.Tests.Cli;

/// <summary>A package that the tool trained in a second or two, and the table it came from; made once for all tests that read it.</summary>
static class SmallModel
{
    const int Rows = 500;

    static readonly Lazy<string> folder = new(Make);

    public static string Table => Path.Combine(folder.Value, "customers.csv");

    public static string Package => Path.Combine(folder.Value, "m.tilth");

    /// <summary>Options that make a training short.</summary>
    public static string[] Quick { get; } = ["--target", "churned", "--folds", "2", "--set", "n_estimators=20"];

    static string Make()
    {
        string at = Directory.CreateTempSubdirectory("tilth-small-model-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(at, recursive: true);
        CsvWriter.Write(Path.Combine(at, "customers.csv"), SampleCatalog.Make("customers", Rows).Table);
        var ran = Run.Tilth(["train", Path.Combine(at, "customers.csv"), "--out", Path.Combine(at, "m.tilth"), .. Quick]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return at;
    }
}
