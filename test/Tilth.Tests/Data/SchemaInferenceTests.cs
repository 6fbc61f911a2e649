using Tilth.Data;
using Tilth.Parallelism;

namespace Tilth.Tests.Data;

public class SchemaInferenceTests
{
    static ColumnSchema Infer(string name, params string[] cells) => Infer(RawTables.RawColumn(name, cells));

    static ColumnSchema Infer(Column column)
        => SchemaInference.Infer(new Table([column]), new SchemaRequest()).Schema.Columns[0];

    static string[] Many(int count, Func<int, string> cell) => [.. Enumerable.Range(0, count).Select(cell)];

    [Fact]
    public void Numbers_written_as_text()
    {
        var money = Infer("price", "$1,200.50", "$3", "-$7", "NA", "$12,000");
        Assert.Equal((ColumnKind.Number, "$", false), (money.Kind, money.Format.Affix, money.Format.DecimalComma));
        Assert.Equal((-7, 12000), (money.Min, money.Max));
        Assert.Equal(["NA"], money.Format.MissingMarkers);
        var comma = Infer("preis", "1.234,5", "2,75", "-", "1.000");
        Assert.Equal((ColumnKind.Number, true, 2.75, 1234.5), (comma.Kind, comma.Format.DecimalComma, comma.Min, comma.Max));
        Assert.Equal("%", Infer("share", "5%", "7.5 %", "100%").Format.Affix);
        Assert.Equal("kg", Infer("weight", "5 kg", "7.5 kg", "100 kg").Format.Affix);
        Assert.Equal("m2", Infer("area", "5 m2", "7.5 m2", "100 m2").Format.Affix);
        Assert.Equal(ColumnKind.Number, Infer("with typos", Many(200, i => i == 7 ? "abc" : $"{i},5")).Kind);
        Assert.Equal(ColumnKind.Category, Infer("doors", Many(40, i => i % 4 == 0 ? "5more" : "2")).Kind);
        Assert.Equal(ColumnKind.Category, Infer("style", Many(40, i => i % 2 == 0 ? "1Fam" : "2fmCon")).Kind);
    }

    [Fact]
    public void Codes_whose_zeros_a_number_would_lose()
    {
        var zip = SchemaInference.Infer(new Table([RawTables.Dictionary("zip", Many(60, i => (501 + 997 * (i % 15)).ToString("00000")))]), new SchemaRequest());
        Assert.Equal(ColumnKind.Category, zip.Schema.Columns[0].Kind);
        Assert.Equal(0, zip.Schema.Columns[0].Levels.IndexOf("00501"));
        Assert.Equal("category: codes", zip.Decisions[0].Choice);
        Assert.Contains("begin with 0 ('00501')", zip.Decisions[0].Evidence);
        ColumnSchema Of(int count, Func<int, string> cell) => Infer(RawTables.Dictionary("x", Many(count, cell)));
        Assert.Equal((ColumnKind.Text, ColumnRole.Identifier), (Of(200, i => (i + 1).ToString("000")).Kind, Of(200, i => (i + 1).ToString("000")).Role));
        Assert.Equal(ColumnKind.Category, Of(400, i => i % 20 == 0 ? "?" : $"{i % 12}".PadLeft(3, '0')).Kind);
        Assert.Equal(ColumnKind.Category, Of(400, i => i % 50 == 0 ? "0123" : $"{i % 12}").Kind);
        // Hours and months, amounts with a fraction, and a slip of the pen are numbers.
        Assert.Equal(ColumnKind.Number, Of(48, i => (i % 24).ToString("00")).Kind);
        Assert.Equal(ColumnKind.Number, Of(40, i => i % 2 == 0 ? "0012.5" : "0007.25").Kind);
        Assert.Equal(ColumnKind.Number, Of(400, i => i == 9 ? "0123" : $"{i % 150}").Kind);
    }

    [Fact]
    public void Dates_and_the_order_of_day_and_month()
    {
        Assert.Equal("M/d/yyyy", Infer("d", "03/04/2021", "01/25/2021", "12/01/2020").Format.DatePattern);
        Assert.Equal("d/M/yyyy", Infer("d", "03/04/2021", "25/01/2021", "12/01/2020").Format.DatePattern);
        Assert.Equal("d.M.yyyy", Infer("d", "3.4.2021", "25.1.2021 14:30", "12.1.2020").Format.DatePattern);
        var iso = Infer("d", "2021-03-04", "2021-01-25", "?");
        Assert.Equal((ColumnKind.DateTime, null), (iso.Kind, iso.Format.DatePattern));
        Assert.Equal(new DateTime(2021, 3, 4).Ticks, iso.Max);
        var compact = Infer(new NumberColumn("day", Enumerable.Range(1, 28).Select(day => 20240200.0 + day).ToArray()));
        Assert.Equal((ColumnKind.DateTime, "yyyyMMdd"), (compact.Kind, compact.Format.DatePattern));
        var both = SchemaInference.Infer(new Table([RawTables.Dictionary("d", "03/04/2021", "05/06/2021")]), new SchemaRequest());
        Assert.Contains("M/d/yyyy", both.Decisions[0].Evidence);
    }

    [Fact]
    public void Truth_values_levels_and_markers()
    {
        var flag = Infer("f", "Yes", "no", "NO", "none", "yes", "no");
        Assert.Equal((ColumnKind.Boolean, "no"), (flag.Kind, flag.Format.FalseWord));
        Assert.Equal(ColumnKind.Category, Infer("phone", "none", "yes", "none").Kind);
        var signs = Infer("sign", "+", "-", "+", "-");
        Assert.Equal((ColumnKind.Category, 2), (signs.Kind, signs.Levels.Count));
        var quality = Infer("quality", "Gd", "NA", "TA", "?", " ", "Gd", "-");
        Assert.Equal(["-", "?", "NA"], quality.Format.MissingMarkers);
        Assert.Equal(2, quality.Levels.Count);
        var countries = Infer("country", Many(200, i => i % 20 == 0 ? "NA" : $"{(char)('A' + i % 20)}{(char)('B' + i % 20)}"));
        Assert.True(countries.Levels.IndexOf("NA") >= 0);
        Assert.Equal("10", Infer("numbered", "9", "10", "x", "10").Levels.NameOf(0));
    }

    [Fact]
    public void Identifiers_constants_and_codes()
    {
        Assert.Equal(ColumnRole.Identifier, Infer(new NumberColumn("row", Enumerable.Range(1, 80).Select(i => (double)i).ToArray())).Role);
        Assert.Equal(ColumnRole.Feature, Infer(new NumberColumn("x", Enumerable.Range(1, 80).Select(i => i / 7.0).ToArray())).Role);
        Assert.Equal(ColumnRole.Feature, Infer(new NumberColumn("year", Enumerable.Range(1900, 80).Select(i => (double)i).ToArray())).Role);
        Assert.Equal(ColumnRole.Identifier, Infer("customer", Many(60, i => $"C-{i * 37:0000}")).Role);
        var names = Infer("name", Many(60, i => $"Ms {(char)('A' + i % 26)}nna van {i}"));
        Assert.Equal((ColumnKind.Text, ColumnRole.Feature), (names.Kind, names.Role));
        Assert.Equal(ColumnRole.Ignored, Infer("same", "a", "a", "a").Role);
        Assert.Equal(ColumnRole.Ignored, Infer("empty", "", "NA", "?").Role);
        Assert.Equal(ColumnKind.Category, Infer(new NumberColumn("zip_code", Enumerable.Range(0, 90).Select(i => 8000.0 + i % 9).ToArray())).Kind);
        Assert.Equal(ColumnKind.Number, Infer(new NumberColumn("rooms", Enumerable.Range(0, 90).Select(i => i % 9.0).ToArray())).Kind);
    }

    [Fact]
    public void The_users_word_wins()
    {
        var table = RawTables.Parse("id,code,flag,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{i % 7},{(i % 2 == 0 ? "yes" : "no")},{i % 3}\n")));
        var request = new SchemaRequest
        {
            Target = "y", Task = TaskKind.Regression,
            Overrides = new Dictionary<string, ColumnOverride> { ["code"] = new() { Kind = ColumnKind.Category }, ["flag"] = new() { Kind = ColumnKind.Category }, ["id"] = new() { Role = ColumnRole.Feature } },
        };
        var schema = SchemaInference.Infer(table, request).Schema;
        Assert.Equal(TaskKind.Regression, schema.Target!.Task);
        Assert.Equal(["id", "code", "flag"], schema.Features.Select(column => column.Name));
        Assert.Equal((ColumnKind.Category, 7), (schema.Find("code")!.Kind, schema.Find("code")!.Levels.Count));
        Assert.Equal(ColumnKind.Category, schema.Find("flag")!.Kind);
        var again = SchemaInference.Infer(table, SchemaRequest.From(schema)).Schema;
        Assert.Equal(SchemaJson.Write(schema), SchemaJson.Write(again));
    }

    [Theory]
    [InlineData("y\nyes\nno\nno\nyes\nno\n", "yes", TaskKind.Binary)]
    [InlineData("y\n1\n0\n1\n1\n0\n", "0", TaskKind.Binary)]
    [InlineData("y\n1.5\n2.5\n1.5\n2.5\n", "2.5", TaskKind.Binary)]
    public void The_rarer_class_is_positive(string csv, string positive, TaskKind task)
    {
        var target = SchemaInference.Infer(WithFeature(csv), new SchemaRequest { Target = "y" }).Schema.Target!;
        Assert.Equal((task, positive), (target.Task, target.Classes[1]));
    }

    [Theory]
    [InlineData("y\nyes\nyes\n", "in all 2 rows")]
    [InlineData("y\nNA\nNA\n", "no value")]
    [InlineData("y\na\nb\nb\n", "only one row")]
    public void A_target_that_cannot_be_learned_is_refused(string csv, string words)
        => Assert.Contains(words, Assert.Throws<LearningException>(() => SchemaInference.Infer(WithFeature(csv), new SchemaRequest { Target = "y" })).Message);

    [Fact]
    public void Wrong_names_are_told_all_at_once_with_the_nearest()
    {
        var exception = Assert.Throws<SchemaException>(() => SchemaInference.Infer(WithFeature("churn\na\nb\n"), new SchemaRequest { Target = "chrun", Weight = "w8" }));
        Assert.Equal(2, exception.Problems.Count);
        Assert.Contains("did you mean 'churn'?", exception.Message);
        var positive = Assert.Throws<SchemaException>(() => SchemaInference.Infer(WithFeature("y\na\nb\nb\na\n"), new SchemaRequest { Target = "y", Positive = "c" }));
        Assert.Contains("its classes are 'a' and 'b'", positive.Message);
        var many = Assert.Throws<LearningException>(() => SchemaInference.Infer(WithFeature("y\n" + string.Concat(Enumerable.Range(0, 90).Select(i => $"name {i}\n"))), new SchemaRequest { Target = "y" }));
        Assert.Contains("90 different labels", many.Message);
    }

    [Fact]
    public void Rows_without_a_target_are_left_out_and_told()
    {
        var raw = WithFeature("y\nyes\n\nno\n?\nno\nyes\n");
        var schema = SchemaInference.Infer(raw, new SchemaRequest { Target = "y", Positive = "no" }).Schema;
        var warnings = new List<Problem>();
        var read = TargetReader.Read(schema.Conform(raw, warnings), schema, warnings);
        Assert.Equal([0, 2, 4, 5], read.Rows);
        Assert.Equal([0, 1, 1, 0], read.Target.Values);
        Assert.StartsWith("2 of 6 rows have no value of the target 'y'", Assert.Single(warnings).Message);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        using var workers = new WorkerPool(3);
        var raw = WithFeature("y\nyes\nno\nno\nyes\n");
        var one = SchemaInference.Infer(raw, new SchemaRequest { Target = "y" });
        var three = SchemaInference.Infer(raw, new SchemaRequest { Target = "y" }, workers);
        Assert.Equal(SchemaJson.Write(one.Schema), SchemaJson.Write(three.Schema));
        Assert.Equal(one.Decisions, three.Decisions);
    }

    static Table WithFeature(string csv)
    {
        string[] lines = csv.TrimEnd('\n').Split('\n');
        return RawTables.Parse(string.Concat(lines.Select((line, i) => i == 0 ? $"f,{line}\n" : $"{i * 0.5 % 3},{line}\n")));
    }
}
