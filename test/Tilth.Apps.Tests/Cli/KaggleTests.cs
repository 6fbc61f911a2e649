using System.Globalization;
using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Data.Sources;

namespace Tilth.Apps.Tests.Cli;

/// <summary>A competition's three files become a submission that has the sample's form.</summary>
public class KaggleTests
{
    [Fact]
    public void A_submission_has_the_rows_of_the_sample_in_its_order()
    {
        using var folder = Folders.Temporary();
        var made = SampleCatalog.Make("customers", 500).Table;
        Table Part(char letter, int from, int count) => new([TextColumn.From("key", Enumerable.Range(0, count).Select(i => $"{letter}{i:D3}")), .. made.Take([.. Enumerable.Range(from, count)]).Columns]);
        CsvWriter.Write(folder.At("train.csv"), Part('a', 0, 300));
        CsvWriter.Write(folder.At("test.csv"), Part('b', 300, 200).Without("churned"));
        // The sample's rows stand the other way round.
        string[] asked = [.. Enumerable.Range(0, 200).Reverse().Select(i => $"b{i:D3}")];
        folder.Write("sample.csv", "key,churned\n" + string.Concat(asked.Select(key => key + ",0.5\n")));

        var ran = Run.Tilth("kaggle", folder.At("train.csv"), folder.At("test.csv"), "--sample", folder.At("sample.csv"), "--metric", "auc", "--trials", "1", "--folds", "3", "--out", folder.At("s.csv"));
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains("Can the test file be told", ran.Output);
        string[] submitted = File.ReadAllLines(folder.At("s.csv"));
        Assert.Equal("key,churned", submitted[0]);
        Assert.Equal(asked, submitted[1..].Select(line => line.Split(',')[0]));
        Assert.All(submitted[1..], line => Assert.InRange(double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture), 0, 1));
        string[] outOfFold = File.ReadAllLines(folder.At("s-out-of-fold.csv"));
        Assert.StartsWith("key,fold,churned,p_", outOfFold[0]);
        Assert.Equal(301, outOfFold.Length);
        Assert.Equal(["1", "2", "3"], outOfFold[1..].Select(line => line.Split(',')[1]).Distinct().Order());
        Assert.Equal(0, Run.TilthHere("package", "verify", folder.At("s.tilth")).ExitCode);
    }

    [Fact]
    public void Files_that_do_not_fit_each_other_are_refused()
    {
        using var folder = Folders.Temporary();
        string train = folder.Write("train.csv", "id,x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 7},{i % 2}\n")));
        string test = folder.Write("test.csv", "id,x\n100,1\n101,2\n");
        string Sample(string text) => folder.Write("sample.csv", text);
        Refuses("has 1 rows, but the test file 2", "kaggle", train, test, "--sample", Sample("id,y\n100,0\n"));
        Refuses("row 2 of the sample is '102'", "kaggle", train, test, "--sample", Sample("id,y\n100,0\n102,0\n"));
        Refuses("no column to fill", "kaggle", train, test, "--sample", Sample("id,x\n100,0\n101,0\n"), "--target", "y");
        Refuses("lacks", "kaggle", train, train, "--sample", Sample("id,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},0\n"))));
        Refuses("--sample", "kaggle", train, test);
        Directory.CreateDirectory(folder.At("s-out-of-fold.csv"));
        Refuses("s-out-of-fold.csv' is a folder", "kaggle", train, test, "--sample", Sample("id,y\n100,0\n101,0\n"), "--out", folder.At("s.csv"));
    }

    static void Refuses(string naming, params string[] call)
    {
        var ran = Run.TilthHere(call);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(naming, ran.Error);
    }
}
