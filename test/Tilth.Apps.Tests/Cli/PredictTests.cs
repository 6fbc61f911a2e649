using System.Globalization;
using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Data.Sources;
using Tilth.Prediction;

namespace Tilth.Apps.Tests.Cli;

/// <summary>tilth predict: chunk by chunk the same to the bit as the whole table at once.</summary>
public class PredictTests
{
    [Fact]
    public void Streamed_predictions_equal_those_of_the_whole_table()
    {
        using var folder = Folders.Temporary();
        // More than one chunk of rows; odd cells late in the file change what a chunk's columns look like.
        var rows = SampleCatalog.Make("customers", 70_000, seed: 5).Table.Without("churned");
        CsvWriter.Write(folder.At("new.csv"), rows);
        File.AppendAllText(folder.At("new.csv"), "C-1,01.02.2023,never,a lot,,,?,n/a,,\n");
        var ran = Run.Tilth("predict", SmallModel.Package, folder.At("new.csv"), "--out", folder.At("p.csv"));
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains("'a lot'", ran.Error);

        var predicted = Predictor.Open(SmallModel.Package).Predict(Table.Read(folder.At("new.csv")));
        double[] expected = predicted.ProbabilitiesOf(1);
        string[] lines = File.ReadAllLines(folder.At("p.csv"));
        Assert.Equal("customer_id,prediction,probability_no,probability_yes,set_80,set_90,set_95", lines[0]);
        Assert.Equal(expected.Length, lines.Length - 1);
        for (int row = 0; row < expected.Length; row++)
        {
            string[] cells = lines[row + 1].Split(',');
            if (row < rows.RowCount) Assert.Equal(rows["customer_id"].Format(row), cells[0]);
            Assert.Equal(expected[row], double.Parse(cells[3], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Other_order_and_more_columns_change_nothing_and_a_missing_column_is_named()
    {
        using var folder = Folders.Temporary();
        var table = Table.Read(SmallModel.Table);
        CsvWriter.Write(folder.At("other.csv"), new Table([new NumberColumn("extra", new double[table.RowCount]), .. table.Columns.Reverse()]));
        CsvWriter.Write(folder.At("less.csv"), table.Without("region"));
        string expected = Run.Tilth("predict", SmallModel.Package, SmallModel.Table).Output;
        Assert.Equal(expected, Run.Tilth("predict", SmallModel.Package, folder.At("other.csv")).Output);
        var less = Run.Tilth("predict", SmallModel.Package, folder.At("less.csv"));
        Assert.Equal(1, less.ExitCode);
        Assert.Contains("'region'", less.Error);
    }
}
