namespace Tilth.Apps.Tests.Cli;

/// <summary>Bad input is normal input: a clear sentence that names the thing, exit code 1, and no stack trace.</summary>
public class BadInputTests
{
    const string Good = "age,city,churn\n41,Bern,yes\n33,Basel,no\n29,Bern,no\n51,Thun,yes\n47,Basel,yes\n23,Thun,no\n38,Bern,yes\n27,Basel,no\n";

    [Fact]
    public void No_file() => Refuses("'nothing.csv'", "train", "nothing.csv", "--target", "churn");

    [Fact]
    public void A_misspelt_file_is_suggested()
    {
        using var folder = Folders.Temporary();
        folder.Write("customers.csv", Good);
        Refuses("customers.csv", "train", folder.At("custmers.csv"), "--target", "churn");
    }

    [Fact]
    public void A_directory()
    {
        using var folder = Folders.Temporary();
        Refuses("folder", "train", folder.Path, "--target", "churn");
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("age,city,churn\n", "no rows")]
    [InlineData("\0\u0001\u0002PNG\0\0\0\0", "binary")]
    public void A_file_that_is_no_table(string content, string rule)
    {
        using var folder = Folders.Temporary();
        Refuses(rule, "train", folder.Write("t.csv", content), "--target", "churn");
    }

    [Fact]
    public void A_missing_or_misspelt_target()
    {
        using var folder = Folders.Temporary();
        string file = folder.Write("t.csv", Good);
        Refuses("did you mean 'churn'?", "train", file, "--target", "chrun");
        Refuses("--target", "train", file);
    }

    [Fact]
    public void A_target_of_one_class()
    {
        using var folder = Folders.Temporary();
        Refuses("'yes'", "train", folder.Write("t.csv", Good.Replace(",no", ",yes")), "--target", "churn");
    }

    [Fact]
    public void Packages_that_are_none()
    {
        using var folder = Folders.Temporary();
        string table = folder.Write("t.csv", Good);
        Refuses("m.tilth", "predict", folder.At("m.tilth"), table);
        Refuses("m.tilth", "predict", folder.Write("m.tilth", ""), table);
        Refuses("m.tilth", "evaluate", folder.Write("m.tilth", Good), table);
        Refuses("m.tilth", "package", "show", folder.Write("m.tilth", "PK\u0003\u0004"));
    }

    [Fact]
    public void An_unknown_option_and_a_wrong_value()
    {
        using var folder = Folders.Temporary();
        string file = folder.Write("t.csv", Good);
        Refuses("--tagret", "train", file, "--tagret", "churn");
        Refuses("rank", "train", file, "--target", "churn", "--task", "rank");
        Refuses("gradient_boosting", "train", file, "--target", "churn", "--learner", "gradient_bosting");
    }

    static void Refuses(string naming, params string[] args)
    {
        var ran = Run.Tilth(args);
        Assert.True(ran.ExitCode == 1, ran.ToString());
        Assert.Contains(naming, ran.Error);
        Assert.DoesNotContain("   at ", ran.Error);
    }
}
