using Tilth.Apps.Tests.Serving;

namespace Tilth.Apps.Tests.Cli;

/// <summary>tilth export; that an exported file predicts the same bits is tested where it is written.</summary>
public class ExportTests
{
    [Fact]
    public void A_package_becomes_one_file_and_what_cannot_is_said()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        var ran = Run.TilthHere("export", "csharp", folder.At("churn.tilth"), "--out", folder.At("Churn.cs"), "--namespace", "Shop", "--json");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains("\"class\": \"Churn\"", ran.Output);
        string code = File.ReadAllText(folder.At("Churn.cs"));
        Assert.Contains("namespace Shop;", code);
        Assert.Contains("public static class Churn", code);
        Assert.Contains(Packages.First.ContentHash, code);

        Says("a model of the kind 'neighbors' cannot be exported; trees, linear and additive models can, so leave that learner out and train again", Path.Combine(Folders.Repository, "test", "Tilth.TrimSmoke", "golden", "neighbors.tilth"));
        Says("--namespace is 'shop', but must be words with a capital each", folder.At("churn.tilth"), "--namespace", "shop");
        Says("'2' cannot be the name of the class; take one such as Churn", folder.At("churn.tilth"), "--name", "2");

        void Says(string sentence, params string[] args)
        {
            var refused = Run.TilthHere(["export", "csharp", "--out", folder.At("Other.cs"), .. args]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(sentence, refused.Error);
            Assert.False(File.Exists(folder.At("Other.cs")));
        }
    }
}
