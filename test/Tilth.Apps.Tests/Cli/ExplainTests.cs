using System.Numerics;
using System.Text.Json;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Kernels;
using Tilth.Packaging;

namespace Tilth.Apps.Tests.Cli;

/// <summary>What the tool says of rows, beside Shapley values by their definition.</summary>
public class ExplainTests
{
    [Fact]
    public void Interventional_attributions_are_the_definition_over_all_sets_of_columns()
    {
        using var folder = Folders.Temporary();
        var all = Few();
        CsvWriter.Write(folder.At("train.csv"), all.Slice(0, 260));
        CsvWriter.Write(folder.At("background.csv"), all.Slice(260, 15));
        CsvWriter.Write(folder.At("rows.csv"), all.Slice(280, 4));
        var trained = Run.Tilth("train", folder.At("train.csv"), "--target", "left", "--out", folder.At("m.tilth"), "--folds", "2", "--set", "n_estimators=12");
        Assert.True(trained.ExitCode == 0, trained.ToString());
        var ran = Run.Tilth("explain", folder.At("m.tilth"), folder.At("rows.csv"), "--method", "interventional", "--background", folder.At("background.csv"), "--json");
        Assert.True(ran.ExitCode == 0, ran.ToString());

        var package = ModelPackage.Open(folder.At("m.tilth"));
        Table background = package.Schema.Conform(all.Slice(260, 15), []), rows = package.Schema.Conform(all.Slice(280, 4), []);
        double[] Raw(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(row => package.Node.Children.Average(child => child.Predict(table)[row] is var p ? Math.Log(p / (1 - p)) : 0))];
        var told = JsonDocument.Parse(ran.Output).RootElement.GetProperty("rows");
        Assert.Equal(4, told.GetArrayLength());
        string[] names = [.. package.Node.SourceColumns];
        for (int r = 0; r < 4; r++)
        {
            double[] worth = [.. Enumerable.Range(0, 1 << names.Length).Select(set => Raw(Known(background, rows.Take([r]), names, set)).Average())];
            Assert.Equal("log odds", told[r].GetProperty("scale").GetString());
            Assert.Equal(worth[^1], told[r].GetProperty("score").GetDouble(), 1e-6);
            Assert.Equal(worth[0], told[r].GetProperty("average").GetDouble(), 1e-6);
            var moved = told[r].GetProperty("columns").EnumerateArray().ToDictionary(part => part.GetProperty("column").GetString()!, part => part.GetProperty("moved").GetDouble());
            for (int c = 0; c < names.Length; c++)
            {
                double expected = 0;
                for (int set = 0; set < worth.Length; set++)
                    if ((set >> c & 1) == 0) expected += (worth[set | 1 << c] - worth[set]) / (names.Length * Choices(names.Length - 1, BitOperations.PopCount((uint)set)));
                Assert.Equal(expected, moved.GetValueOrDefault(names[c]), 1e-6);
            }
        }
        Assert.Contains(Moves(told[0]), value => Math.Abs(value) > 0.05);

        static IEnumerable<double> Moves(JsonElement row) => row.GetProperty("columns").EnumerateArray().Select(part => part.GetProperty("moved").GetDouble());
    }

    [Fact]
    public void Models_that_are_no_trees_are_refused_by_the_exact_method_and_explained_by_the_other()
    {
        using var folder = Folders.Temporary();
        CsvWriter.Write(folder.At("train.csv"), Few().Slice(0, 120));
        Assert.Equal(0, Run.Tilth("train", folder.At("train.csv"), "--target", "left", "--learner", "logistic_regression", "--folds", "2", "--out", folder.At("m.tilth")).ExitCode);
        var refused = Run.Tilth("explain", folder.At("m.tilth"), folder.At("train.csv"), "--rows", "1", "--method", "interventional");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("'permutation' explains any package", refused.Error);
        Assert.Equal(0, Run.Tilth("explain", folder.At("m.tilth"), folder.At("train.csv"), "--rows", "1", "--method", "permutation").ExitCode);
    }

    /// <summary>The background's rows with the columns of the set as the explained row has them.</summary>
    static Table Known(Table background, Table row, string[] names, int set)
    {
        for (int c = 0; c < names.Length; c++)
            if ((set >> c & 1) != 0) background = background.With(row[names[c]].Take(new int[background.RowCount]));
        return background;
    }

    static double Choices(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);

    static Table Few()
    {
        var random = new RandomSource(8);
        var rows = Enumerable.Range(0, 300).Select(_ =>
        {
            double months = random.NextInt(60), calls = random.NextInt(9), charge = Math.Round(20 + 80 * random.NextDouble(), 2);
            string contract = random.NextInt(3) switch { 0 => "monthly", 1 => "yearly", _ => "none" }, city = "city " + (char)('a' + random.NextInt(6));
            bool left = random.NextDouble() < 1 / (1 + Math.Exp(0.06 * months - 0.4 * calls - (contract == "monthly" ? charge / 50 : 0)));
            return (months, calls, charge, contract, city, left);
        }).ToArray();
        return new([new NumberColumn("months", Array.ConvertAll(rows, row => row.calls % 4 == 3 ? double.NaN : row.months)), new NumberColumn("calls", Array.ConvertAll(rows, row => row.calls)),
            new NumberColumn("charge", Array.ConvertAll(rows, row => row.charge)), TextColumn.From("contract", Array.ConvertAll(rows, row => (string?)row.contract)),
            TextColumn.From("city", Array.ConvertAll(rows, row => (string?)row.city)), TextColumn.From("left", Array.ConvertAll(rows, row => (string?)(row.left ? "yes" : "no")))]);
    }
}
