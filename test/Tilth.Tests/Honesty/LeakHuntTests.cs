using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Honesty.Leaks;
using Tilth.Kernels;
using Tilth.Learners.Linear;
using Tilth.Tests.Data;
using static Tilth.Tests.Honesty.PlantedTables;

namespace Tilth.Tests.Honesty;

public class LeakHuntTests
{
    static readonly Sample Customers = SampleCatalog.Make("customers", 1500);
    static readonly Sample Houses = SampleCatalog.Make("houses", 1500);
    static readonly Sample Patients = SampleCatalog.Make("patients", 1500);

    public static TheoryData<string, LeakKind, bool> Planted => new()
    {
        { "renamed", LeakKind.TargetCopy, true },
        { "rounded", LeakKind.TargetCopy, true },
        { "rescaled", LeakKind.TargetCopy, true },
        { "classes of three", LeakKind.TargetCopy, true },
        { "post-event date", LeakKind.FilledWhenKnown, true },
        { "filled when known", LeakKind.FilledWhenKnown, false },
        { "nearly the target", LeakKind.NearPerfect, false },
        { "aggregate with itself", LeakKind.NearPerfect, false },
        { "noisy copy of a number", LeakKind.NearPerfect, false },
        { "identifier", LeakKind.IdentifierTells, false },
        { "group", LeakKind.GroupOverlap, false },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_column_is_named(string leak, LeakKind kind, bool leftOut)
    {
        var random = new RandomSource(5);
        var (sample, table) = leak switch
        {
            "renamed" => (Customers, With(Customers, "planted", (_, y) => y == "yes" ? "B" : "A")),
            "rounded" => (Houses, With(Houses, "planted", (_, y) => Math.Floor(Price(y) / 50_000).ToString())),
            "rescaled" => (Houses, With(Houses, "planted", (_, y) => (Price(y) * 0.07 + 12).ToString("0.##"))),
            "classes of three" => (Patients, With(Patients, "planted", (_, y) => y![..2])),
            "post-event date" => (Customers, With(Customers, "planted", (row, y) => y == "yes" ? $"2025-0{1 + row % 8}-1{row % 9}" : null)),
            "filled when known" => (Customers, With(Customers, "planted", (row, y) => y == "yes" && random.NextDouble() < 0.4 ? $"reason {row % 7}" : null)),
            "nearly the target" => (Customers, With(Customers, "planted", (_, y) => (y == "yes") == random.NextDouble() < 0.97 ? "u" : "v")),
            "aggregate with itself" => (Customers, With(Customers, "planted", (_, y) => ((y == "yes" ? 1.0 : 0) / 2 + random.NextDouble() * 0.6).ToString("0.000"))),
            "noisy copy of a number" => (Houses, With(Houses, "planted", (_, y) => (Price(y) * (1 + 0.03 * random.NextGaussian())).ToString("0"))),
            "identifier" => (Customers, With(Customers, "planted", (row, y) => $"{(y == "yes" ? 'L' : 'S')}-{10000 + row}")),
            "group" => (Customers, Grouped(Customers)),
            _ => throw new ArgumentOutOfRangeException(nameof(leak)),
        };
        var request = leak == "identifier" ? new SchemaRequest { Identifiers = ["planted"] } : null;
        var found = Suspects(table, sample.Target, request);
        var named = Assert.Single(found, suspicion => suspicion.Column == "planted");
        Assert.Equal((kind, leftOut), (named.Kind, named.LeftOut));
        Assert.DoesNotContain(found, suspicion => suspicion.Column != "planted" && suspicion.Kind != LeakKind.FutureRows);
        Assert.NotEmpty(named.Evidence);
    }

    [Fact]
    public void Copied_rows_and_sorted_rows_are_told()
    {
        int rows = Customers.Table.RowCount;
        var copied = Customers.Table.Take([.. Enumerable.Range(0, rows), .. Enumerable.Range(0, rows / 10)]);
        Assert.Contains(Suspects(Shuffled(copied, 2), "churned"), s => s.Kind == LeakKind.RepeatedRows);
        var target = TargetOf(Customers);
        var sorted = Customers.Table.Take([.. Enumerable.Range(0, rows).OrderBy(row => target[row], StringComparer.Ordinal)]);
        Assert.Contains(Suspects(sorted, "churned"), s => s.Kind == LeakKind.RowOrderTells);
    }

    [Theory]
    [InlineData("customers", "churned")]
    [InlineData("houses", "price")]
    [InlineData("patients", "diagnosis")]
    public void Copies_with_a_little_noise_are_told(string name, string target)
    {
        var sample = SampleCatalog.Make(name, 1500);
        Assert.Contains(Suspects(WithNoisyCopies(sample.Table, target, 4), target), s => s.Kind == LeakKind.RepeatedRows && s.Evidence.Contains("an earlier row again"));
    }

    public static TheoryData<string, string> RealSets => new()
    {
        { "binary/heart_disease_cleveland", "num" }, { "binary/credit_g", "class" }, { "regression/abalone", "Rings" },
        { "binary/seismic_bumps", "class" }, { "regression/forest_fires", "area" },
    };

    [Theory]
    [MemberData(nameof(RealSets))]
    public void Copies_with_a_little_noise_are_told_in_real_sets_and_clean_sets_are_quiet(string set, string target)
    {
        string? data = RawTables.DataFolder();
        Assert.SkipWhen(data is null || !Directory.Exists(Path.Combine(data, set)), "no shared/data folder (set TILTH_DATA)");
        var table = RawTables.Load(Path.Combine(data!, set));
        Assert.DoesNotContain(Suspects(table, target), s => s.Evidence.Contains("an earlier row again"));
        Assert.Contains(Suspects(WithNoisyCopies(table, target, 4), target), s => s.Evidence.Contains("an earlier row again"));
    }

    [Fact]
    public void Clean_samples_raise_no_alarm_but_the_question_about_their_date()
    {
        foreach (var source in SampleCatalog.All)
            for (ulong seed = 1; seed <= 3; seed++)
                Assert.DoesNotContain(Suspects(source.Make(600, seed).Table, source.Target), s => (s.Kind, s.Column) != (LeakKind.FutureRows, "signed_up"));
    }

    [Fact]
    public void Noise_raises_hardly_an_alarm()
    {
        int suspects = 0, columns = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new RandomSource(seed);
            int rows = 100 + random.NextInt(300);
            var table = new Table([.. Enumerable.Range(0, 8).Select(c => Noise($"c{c}", c, rows, random.Child(c))),
                seed % 2 == 0 ? Noise("y", 3, rows, random.Child(99)) : Noise("y", 0, rows, random.Child(99))]);
            suspects += Suspects(table, "y").Count;
            columns += 8;
        }
        Assert.True(suspects <= columns / 100, $"{suspects} suspects in {columns} columns of noise");
    }

    [Fact]
    public void A_training_leaves_a_copy_out_unless_told_to_keep_it()
    {
        var table = With(SampleCatalog.Make("customers", 400), "state", (_, y) => y == "yes" ? "gone" : "here");
        var training = Training.For("churned") with { Learner = new LogisticRegression(), Folds = 3 };
        var honest = training.Run(table);
        Assert.Equal(ColumnRole.Ignored, honest.Package.Schema.Find("state")!.Role);
        Assert.Contains(honest.Decisions, decision => decision.Subject == "state" && decision.Choice.StartsWith("left out"));
        Assert.Contains(honest.Warnings, warning => warning.Code == "leak-target-copy");
        Assert.True(honest.Evaluation.HeadlineScore().Score.Value < 0.95);
        var fooled = (training with { Keep = ["state"] }).Run(table);
        Assert.True(fooled.Evaluation.HeadlineScore().Score.Value > 0.99);
        Assert.Throws<SchemaException>(() => (training with { Keep = ["stat"] }).Run(table));
    }

    [Fact]
    public void A_test_table_is_held_against_the_training_table()
    {
        var sample = SampleCatalog.Make("customers", 400);
        var schema = SchemaInference.Infer(sample.Table, new SchemaRequest { Target = "churned" }).Schema;
        var all = schema.Conform(sample.Table, []);
        Assert.DoesNotContain(TestTableLeaks.Look(schema, all.Slice(0, 300), all.Slice(300, 100)), s => s.Kind == LeakKind.RepeatedRows);
        Assert.Contains(TestTableLeaks.Look(schema, all.Slice(0, 300), all.Slice(250, 100)), s => s.Kind == LeakKind.RepeatedRows);
    }

    static double Price(string? text) => double.Parse(text!.Replace("CHF ", "").Replace(",", ""));

    /// <summary>Each row four times with other values elsewhere, as four visits of one patient.</summary>
    static Table Grouped(Sample sample)
    {
        int rows = sample.Table.RowCount / 4;
        var target = TargetOf(sample);
        string[] owner = [.. Enumerable.Range(0, rows * 4).Select(row => $"P{row % rows:0000}")];
        string[] outcome = [.. Enumerable.Range(0, rows * 4).Select(row => target[row % rows]!)];
        return Shuffled(sample.Table.Slice(0, rows * 4).Without(sample.Target).With(RawTables.RawColumn("planted", owner)).With(RawTables.RawColumn(sample.Target, outcome)), 3);
    }

    static Column Noise(string name, int kind, int rows, RandomSource random) => (kind % 4) switch
    {
        0 => RawTables.RawColumn(name, [.. Enumerable.Range(0, rows).Select(_ => random.NextGaussian().ToString("0.0000"))]),
        1 => RawTables.RawColumn(name, [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(40).ToString())]),
        2 => RawTables.RawColumn(name, [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.3 ? "" : $"level {random.NextInt(rows / 4)}")]),
        _ => RawTables.RawColumn(name, [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.2 ? "b" : "a")]),
    };
}
