using Tilth.Data;
using Tilth.Kernels;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Data;

public class CellReaderTests
{
    [Theory]
    [InlineData("1,234.50", false, null, 1234.5)]
    [InlineData("1.234,50", true, null, 1234.5)]
    [InlineData("1.234", true, null, 1234)]
    [InlineData("1,234,567", false, null, 1234567)]
    [InlineData("1 234 567,8", true, null, 1234567.8)]
    [InlineData("1'234", false, null, 1234)]
    [InlineData("$5", false, "$", 5)]
    [InlineData("-$5.25", false, "$", -5.25)]
    [InlineData("$-5.25", false, "$", -5.25)]
    [InlineData("(12)", false, null, -12)]
    [InlineData("($1,200)", false, "$", -1200)]
    [InlineData("45 %", false, "%", 45)]
    [InlineData("1.250,00 EUR", true, "EUR", 1250)]
    [InlineData("3.4e-5", false, null, 3.4e-5)]
    [InlineData("3,4E2", true, null, 340)]
    [InlineData("+7", false, null, 7)]
    [InlineData("12 kg", false, "kg", 12)]
    [InlineData("85 m2", false, "m2", 85)]
    [InlineData(".5", false, null, .5)]
    public void Numbers_as_people_write_them(string text, bool comma, string? affix, double expected)
    {
        Assert.True(NumberText.TryRead(text, new ValueFormat { DecimalComma = comma, Affix = affix }, out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1,5", false)]
    [InlineData("1,2345", false)]
    [InlineData("12,34,567", false)]
    [InlineData("1.5.2", false)]
    [InlineData("abc", false)]
    [InlineData("", false)]
    [InlineData("$5", false)]
    [InlineData("12:30", false)]
    [InlineData("1.5", true)]
    [InlineData("--5", false)]
    [InlineData("1 2", false)]
    [InlineData("-", false)]
    [InlineData(",", true)]
    public void What_is_no_number_is_refused(string text, bool comma)
        => Assert.False(NumberText.TryRead(text, new ValueFormat { DecimalComma = comma }, out _));

    [Theory]
    [InlineData("2024-02-29", null, 2024, 2, 29, 0, 0, 0)]
    [InlineData("2024-02-29T13:45:10Z", null, 2024, 2, 29, 13, 45, 10)]
    [InlineData("2024-02-29 13:45:10+02:00", null, 2024, 2, 29, 11, 45, 10)]
    [InlineData("20141013T000000", "yyyyMMdd", 2014, 10, 13, 0, 0, 0)]
    [InlineData("3.7.2021", "d.M.yyyy", 2021, 7, 3, 0, 0, 0)]
    [InlineData("03/07/21 2:05 PM", "M/d/yy", 2021, 3, 7, 14, 5, 0)]
    [InlineData("7 March 1999", "d MMM yyyy", 1999, 3, 7, 0, 0, 0)]
    [InlineData("Mar 7, 1999", "MMM d, yyyy", 1999, 3, 7, 0, 0, 0)]
    [InlineData("Tue, 9 Nov 2021 10:00:00 UTC", "ddd, d MMM yyyy", 2021, 11, 9, 10, 0, 0)]
    [InlineData("31.12.2020 23:59", "dd.MM.yyyy HH:mm", 2020, 12, 31, 23, 59, 0)]
    public void Dates_as_people_write_them(string text, string? pattern, int y, int m, int d, int h, int min, int s)
    {
        Assert.True(DateText.TryRead(text, pattern, out long ticks));
        Assert.Equal(new DateTime(y, m, d, h, min, s), new DateTime(ticks));
    }

    [Theory]
    [InlineData("2023-02-29", null)]
    [InlineData("13/13/2020", "d/M/yyyy")]
    [InlineData("1/2/2020x", "d/M/yyyy")]
    [InlineData("2020-01-01 25:00", null)]
    [InlineData("2014101", "yyyyMMdd")]
    [InlineData("0001-01-01T00:00+05:00", null)]
    [InlineData("1 Foo 2020", "d MMM yyyy")]
    public void What_is_no_date_is_refused(string text, string? pattern) => Assert.False(DateText.TryRead(text, pattern, out _));

    [Fact]
    public void Reading_a_cell_allocates_nothing()
    {
        var number = new CellReader(new ColumnSchema { Name = "n", Kind = ColumnKind.Number, Format = new() { Affix = "$", MissingMarkers = ["?"] } });
        var date = new CellReader(new ColumnSchema { Name = "d", Kind = ColumnKind.DateTime, Format = new() { DatePattern = "d MMM yyyy" } });
        var level = new CellReader(new ColumnSchema { Name = "c", Kind = ColumnKind.Category, Levels = new LevelSet(["a", "2"]) });
        double sum = 0;
        void Read()
        {
            number.ReadNumber(new Cell("$1,250.5"), out double value);
            date.ReadNumber(new Cell("7 Mar 1999 10:00"), out double ticks);
            level.ReadCode(new Cell(2.0), out int code);
            number.ReadNumber(new Cell("NA"), out _);
            sum += value + ticks + code;
        }
        Read();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++) Read();
        }));
        Assert.True(sum > 0);
    }

    /// <summary>Single cells and tables, dictionary or text, go through the same reading: random texts give the same values.</summary>
    [Fact]
    public void A_cell_reads_as_its_table_does()
    {
        string[] pieces = ["1", "23", ".", ",", "$", "-", " ", "NA", "?", "yes", "No", "2020-01-0", "5/6/2021", "x", "é", "none", "%", "e5", "(", ")"];
        ColumnSchema[] columns =
        [
            new() { Name = "v", Kind = ColumnKind.Number, Format = new() { Affix = "$", MissingMarkers = ["?"] } },
            new() { Name = "v", Kind = ColumnKind.Number, Format = new() { DecimalComma = true } },
            new() { Name = "v", Kind = ColumnKind.Boolean, Format = new() { TrueWord = "yes", FalseWord = "no" } },
            new() { Name = "v", Kind = ColumnKind.DateTime, Format = new() { DatePattern = "d/M/yyyy" } },
            new() { Name = "v", Kind = ColumnKind.Category, Levels = new LevelSet(["1", "x", "yes", "é", "23"]), Format = new() { MissingMarkers = ["?"] } },
        ];
        for (ulong seed = 0; seed < 300; seed++)
        {
            var random = new RandomSource(seed);
            string[] cells = [.. Enumerable.Range(0, 9).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.NextInt(4)).Select(_ => pieces[random.NextInt(pieces.Length)])))];
            foreach (var column in columns)
            {
                var reader = new CellReader(column);
                string good = column.Kind switch { ColumnKind.DateTime => "5/6/2021", ColumnKind.Boolean => "yes", _ => "1" };
                string[] padded = [.. cells, .. Enumerable.Repeat(good, 20)];
                var schema = new Schema { Columns = [column] };
                var fromLevels = schema.Conform(new Table([RawTables.Dictionary("v", padded)]), []).Columns[0];
                var fromTexts = schema.Conform(new Table([TextColumn.From("v", padded)]), []).Columns[0];
                for (int row = 0; row < padded.Length; row++)
                {
                    string? expected;
                    if (column.Kind == ColumnKind.Category)
                        expected = reader.ReadCode(new Cell(padded[row]), out int code) == CellOutcome.Value ? column.Levels.NameOf(code) : null;
                    else if (reader.ReadNumber(new Cell(padded[row]), out double value) != CellOutcome.Value)
                        expected = null;
                    else
                        expected = column.Kind switch
                        {
                            ColumnKind.Number => new NumberColumn("v", new[] { value }).Format(0),
                            ColumnKind.Boolean => value > 0 ? "true" : "false",
                            _ => new DateTimeColumn("v", new[] { (long)value }).Format(0),
                        };
                    Assert.Equal(expected, fromLevels.Format(row));
                    Assert.Equal(expected, fromTexts.Format(row));
                }
            }
        }
    }
}
