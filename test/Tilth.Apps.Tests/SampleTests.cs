using Tilth.Data.Samples;
using Tilth.Data.Sources;

namespace Tilth.Apps.Tests;

/// <summary>Each sample runs, and the README shows the same text.</summary>
public class SampleTests
{
    [Fact]
    public void The_walk_runs_from_a_table_to_predictions()
    {
        using var folder = Folders.Temporary();
        CsvWriter.Write(folder.At("customers.csv"), SampleCatalog.Make("customers", 600).Table);
        CsvWriter.Write(folder.At("new.csv"), SampleCatalog.Make("customers", 3, seed: 3).Table.Without("churned"));
        var ran = Run.Process("dotnet", [Path.Combine(AppContext.BaseDirectory, "Walk.dll")], folder.Path);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.StartsWith("area under the ROC curve 0.", ran.Output);
        string[] lines = File.ReadAllLines(folder.At("predictions.csv"));
        Assert.Equal(4, lines.Length);
        Assert.Equal("prediction,probability_no,probability_yes", lines[0]);
    }

    [Fact]
    public void The_readme_shows_the_walk_as_it_is()
    {
        string code = Text("samples/Walk/Program.cs");
        Assert.Contains($"<!-- samples/Walk/Program.cs -->\n```csharp\n{code}```\n", Text("README.md"));
        Assert.True(code.Split('\n').Count(line => line.Length > 0 && !line.StartsWith("using", StringComparison.Ordinal)) <= 10, "ten lines are promised");
    }

    static string Text(string path) => File.ReadAllText(Path.Combine(Folders.Repository, path)).ReplaceLineEndings("\n");
}
