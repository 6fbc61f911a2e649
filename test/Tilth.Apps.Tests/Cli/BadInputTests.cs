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

    [Theory]
    [InlineData("tain", "did you mean 'train'?")]
    [InlineData("demo --sampel houses", "did you mean '--sample'?")]
    [InlineData("train T --target churn --threads many", "'many'")]
    [InlineData("train T --target churn --seed -1", "'-1'")]
    [InlineData("train T --target churn --time soon", "'soon'")]
    [InlineData("train T --target churn --set learning_rat=1", "did you mean 'learning_rate'?")]
    [InlineData("train T --target churn --schema T", "t.csv': the schema is not valid JSON")]
    [InlineData("train T --target churn --trials few", "--trials is 'few'")]
    [InlineData("train T --target churn --effort fast", "--effort is 'fast'")]
    [InlineData("train T --target churn --learner linear --trials 3", "--learner fits one learner without a search, so that --trials has no meaning")]
    [InlineData("train T --target churn --without linaer", "linaer")]
    [InlineData("train T --target churn --resume --replay", "exclude each other")]
    [InlineData("train T --target churn --max-latency soon", "such as 50us or 2ms")]
    [InlineData("train T --target churn --max-size big", "--max-size is 'big'")]
    [InlineData("train T --target churn --memory 10MB", "needs at least 300 MB")]
    [InlineData("train T --target churn --replay --run nowhere", "no run in 'nowhere' to replay")]
    [InlineData("evaluate", "needs <package>")]
    [InlineData("demo --out T", "must be a folder")]
    public void A_call_that_cannot_be_right(string call, string naming)
    {
        using var folder = Folders.Temporary();
        string file = folder.Write("t.csv", Good);
        Refuses(naming, [.. call.Split(' ').Select(word => word == "T" ? file : word)]);
    }

    [Theory]
    [InlineData("age,churn\n1,yes\n", "'yes' in the only row")]
    [InlineData("age,churn\n1,yes\n2,no\n3,no\n", "class 'yes' of the target 'churn' has only one row")]
    [InlineData("churn\nyes\nno\nyes\nno\n", "the only column")]
    [InlineData("age,churn\n1,1e200\n2,3\n3,4\n4,5\n5,6\n6,7\n7,8\n8,9\n9,10\n10,11\n11,12\n", "1E+100")]
    [InlineData("age,churn\n1,yes\n2,no,3\n", "line 3: 3 cells")]
    [InlineData("age,churn\n1,\"yes\n2,no\n", "is not closed")]
    [InlineData("age,churn\n1,\n2,\n", "no value in any of 2 rows")]
    public void A_table_that_cannot_be_learned_from(string content, string naming)
    {
        using var folder = Folders.Temporary();
        Refuses(naming, "train", folder.Write("t.csv", content), "--target", "churn");
    }

    [Fact]
    public void What_is_odd_but_usable_is_said()
    {
        using var folder = Folders.Temporary();
        string rows = string.Concat(Enumerable.Repeat(Good[(Good.IndexOf('\n') + 1)..], 5));
        string file = folder.Write("t.csv", "age,age,churn\n" + rows + "old,Bern,yes\n31,Bern,\n");
        var ran = Run.Tilth("train", file, "--target", "churn", "--out", folder.At("m.tilth"), "--folds", "2", "--effort", "quick");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains("the name 'age' stands twice", ran.Error);
        Assert.Contains("1 of 42 values are not a number", ran.Error);
        Assert.Contains("1 of 42 rows have no value of the target 'churn' and are left out", ran.Error);

        // Rows of one class have no ranking: the sentence says so, and the other measures stand.
        var one = Run.Tilth("evaluate", folder.At("m.tilth"), folder.Write("one.csv", "age,age,churn\n41,Bern,yes\n"));
        Assert.Equal(0, one.ExitCode);
        Assert.Contains("cannot be measured on 1 row, test file: all are of the class 'yes'", one.Output);
    }

    static void Refuses(string naming, params string[] args)
    {
        var ran = Run.TilthHere(args);
        Assert.True(ran.ExitCode == 1, ran.ToString());
        Assert.Contains(naming, ran.Error);
        Assert.DoesNotContain("   at ", ran.Error);
    }
}
