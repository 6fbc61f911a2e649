using Tilth.Data;
using Tilth.Data.Samples;

namespace Tilth.Tests.Data.Samples;

public class SampleTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. SampleCatalog.All.Select(source => source.Name)];

    static (Sample Sample, Schema Schema, TargetRows Target) Read(string name, int rows = SampleCatalog.DefaultRows)
    {
        var sample = SampleCatalog.Make(name, rows);
        var schema = SchemaInference.Infer(sample.Table, new SchemaRequest { Target = sample.Target }).Schema;
        var warnings = new List<Problem>();
        var read = TargetReader.Read(schema.Conform(sample.Table, warnings), schema, warnings);
        Assert.Empty(warnings);
        return (sample, schema, read);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_table(string name)
    {
        var (a, b, c) = (SampleCatalog.Make(name, 200, 5), SampleCatalog.Make(name, 200, 5), SampleCatalog.Make(name, 200, 6));
        Assert.Equal(a.TrueScore, b.TrueScore);
        Assert.NotEqual(a.TrueScore, c.TrueScore);
        foreach (var column in a.Table.Columns)
            for (int row = 0; row < 200; row++) Assert.Equal(column.Format(row), b.Table[column.Name].Format(row));
    }

    [Fact]
    public void Customers_are_understood_and_can_be_foreseen_well_but_not_perfectly()
    {
        var (sample, schema, read) = Read("customers");
        Assert.Equal((TaskKind.Binary, "yes"), (schema.Target!.Task, schema.Target.Classes[1]));
        Check(schema, ("customer_id", ColumnKind.Text, ColumnRole.Identifier), ("signed_up", ColumnKind.DateTime, ColumnRole.Feature),
            ("monthly_charge", ColumnKind.Number, ColumnRole.Feature), ("data_gb", ColumnKind.Number, ColumnRole.Feature),
            ("newsletter", ColumnKind.Boolean, ColumnRole.Feature), ("region", ColumnKind.Category, ColumnRole.Feature), ("last_note", ColumnKind.Text, ColumnRole.Feature));
        double auc = Auc(sample.TrueScore, read.Target.Values);
        output.WriteLine($"share {read.Target.Values.Average():0.000}, best AUC {auc:0.0000}");
        Assert.InRange(read.Target.Values.Average(), 0.2, 0.35);
        Assert.InRange(auc, 0.82, 0.92);
        // The scores are calibrated: their mean is the share of those who leave.
        Assert.InRange(sample.TrueScore.Average() - read.Target.Values.Average(), -0.015, 0.015);
    }

    [Fact]
    public void Patients_have_three_diagnoses_with_known_chances()
    {
        var (sample, schema, read) = Read("patients");
        Assert.Equal(["cardiac", "muscular", "respiratory"], schema.Target!.Classes);
        Check(schema, ("visit", ColumnKind.Number, ColumnRole.Identifier), ("arrived", ColumnKind.DateTime, ColumnRole.Feature), ("smoker", ColumnKind.Boolean, ColumnRole.Feature),
            ("temperature", ColumnKind.Number, ColumnRole.Feature), ("oxygen", ColumnKind.Number, ColumnRole.Feature), ("troponin", ColumnKind.Number, ColumnRole.Feature),
            ("words", ColumnKind.Text, ColumnRole.Feature));
        Assert.True(schema.Find("temperature")!.Format.DecimalComma);
        for (int c = 0; c < 3; c++)
        {
            double share = read.Target.Values.Count(value => value == c) / 5000.0, foreseen = Enumerable.Range(0, 5000).Average(row => sample.TrueScore[row * 3 + c]);
            output.WriteLine($"{schema.Target.Classes[c]}: {share:0.000}");
            Assert.InRange(share, 0.08, 0.65);
            Assert.InRange(foreseen - share, -0.02, 0.02);
        }
        double right = Enumerable.Range(0, 5000).Count(row => Enumerable.Range(0, 3).MaxBy(c => sample.TrueScore[row * 3 + c]) == (int)read.Target.Values[row]) / 5000.0;
        output.WriteLine($"best accuracy {right:0.000}");
        Assert.InRange(right, 0.65, 0.9);
    }

    [Fact]
    public void Houses_have_a_price_with_eight_percent_noise()
    {
        var (sample, schema, read) = Read("houses");
        Assert.Equal(TaskKind.Regression, schema.Target!.Task);
        Check(schema, ("listing", ColumnKind.Text, ColumnRole.Identifier), ("sold", ColumnKind.DateTime, ColumnRole.Feature), ("living_area", ColumnKind.Number, ColumnRole.Feature),
            ("garden", ColumnKind.Number, ColumnRole.Feature), ("garage", ColumnKind.Boolean, ColumnRole.Feature), ("country", ColumnKind.Category, ColumnRole.Ignored),
            ("advertisement", ColumnKind.Text, ColumnRole.Feature));
        Assert.Equal("M/d/yyyy", schema.Find("sold")!.Format.DatePattern);
        double relative = Math.Sqrt(read.Target.Values.Zip(sample.TrueScore, (price, expected) => (price / expected - 1) * (price / expected - 1)).Average());
        output.WriteLine($"relative noise {relative:0.0000}, prices {read.Target.Values.Min():0} to {read.Target.Values.Max():0}");
        Assert.InRange(relative, 0.075, 0.085);
    }

    static void Check(Schema schema, params (string Name, ColumnKind Kind, ColumnRole Role)[] expected)
    {
        foreach (var (name, kind, role) in expected) Assert.Equal((name, kind, role), (name, schema.Find(name)!.Kind, schema.Find(name)!.Role));
    }

    static double Auc(double[] scores, double[] labels)
    {
        double rankSum = 0, positives = labels.Sum(), rank = 0;
        foreach (int row in Enumerable.Range(0, scores.Length).OrderBy(row => scores[row]))
        {
            rank++;
            if (labels[row] > 0) rankSum += rank;
        }
        return (rankSum - positives * (positives + 1) / 2) / (positives * (scores.Length - positives));
    }
}
