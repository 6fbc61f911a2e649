using System.Text;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Tests.Data.Sources;

public sealed class JsonAndRowsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("tilth-json").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    Table Read(string text, string name = "a.json")
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return TableReader.Read([path], null, WorkerPool.Single, out _);
    }

    static string[] Texts(Column column) => [.. Enumerable.Range(0, column.Count).Select(row => column.Format(row) ?? "∅")];

    [Theory]
    [InlineData("[{0},\n{1},\n{2}]")]
    [InlineData("{0}\n{1}\n\n{2}\n")]
    [InlineData("{0}{1}{2}")]
    public void Nested_objects_become_dotted_columns(string layout)
    {
        var table = Read(layout
            .Replace("{0}", """{"a":1,"b":{"c":"x","d":{"e":true}},"tags":["p","q",3]}""")
            .Replace("{1}", """{"b":{"c":"é\u00e9\n"},"a":2.5e1,"new":null,"mix":1,"tags":[]}""")
            .Replace("{2}", """{"a":null,"mix":"one","tags":[{"k":1}],"a":9}"""));
        Assert.Equal(["a", "b.c", "b.d.e", "tags", "new", "mix"], table.Columns.Select(c => c.Name));
        Assert.Equal(["1", "25", "∅"], Texts(table["a"]));
        Assert.Equal(["x", "éé\n", "∅"], Texts(table["b.c"]));
        Assert.Equal(ColumnKind.Boolean, table["b.d.e"].Kind);
        Assert.Equal(["p, q, 3", "∅", "[{\"k\":1}]"], Texts(table["tags"]));
        Assert.Equal(["∅", "1", "one"], Texts(table["mix"]));
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"a\":2}", "not closed")]
    [InlineData("{\"a\":1}\n{\"a\":}\n", "line 2")]
    [InlineData("{\"a\":1}\n7\n", "line 2: an object is expected")]
    [InlineData("{\"a\":[1,2", "not closed|not valid JSON")]
    [InlineData("[]", "holds no object")]
    public void Broken_JSON_is_named_by_its_line(string text, string part)
        => Assert.Contains(part.Split('|'), p => Assert.Throws<SourceException>(() => Read(text)).Message.Contains(p));

    sealed record Row(int Number, bool? Yes, DateTime Day, DateOnly? Date, TimeSpan Span, ConsoleColor Colour, Guid Id, decimal Price);

    [Fact]
    public void Properties_of_every_usual_type_become_columns()
    {
        var table = Table.FromRows([
            new Row(1, true, new DateTime(2024, 2, 29, 1, 2, 3), new DateOnly(2024, 1, 1), TimeSpan.FromMinutes(1), ConsoleColor.Red, Guid.Empty, 1.5m),
            new Row(2, null, new DateTime(2024, 3, 1), null, default, ConsoleColor.Blue, Guid.Empty, 2m)]);
        Assert.Equal([ColumnKind.Number, ColumnKind.Boolean, ColumnKind.DateTime, ColumnKind.DateTime, ColumnKind.Number, ColumnKind.Category, ColumnKind.Category, ColumnKind.Number],
            table.Columns.Select(c => c.Kind));
        Assert.Equal(["2024-02-29T01:02:03", "2024-03-01"], Texts(table["Day"]));
        Assert.Equal(["60", "0"], Texts(table["Span"]));
        Assert.Equal(["true", "∅"], Texts(table["Yes"]));
        Assert.Throws<ArgumentException>(() => Table.FromRows(new object[] { new() }));
    }

    [Fact]
    public void Random_tables_are_read_back_as_written_wherever_blocks_are_cut()
    {
        const string Letters = "ab \",;\t|\n'é7.-";
        var random = new RandomSource(77);
        for (int trial = 0; trial < 300; trial++)
        {
            int rows = 1 + random.NextInt(12), width = 1 + random.NextInt(4);
            var columns = new List<Column>();
            for (int c = 0; c < width; c++)
            {
                if (random.NextInt(3) == 0)
                    columns.Add(new NumberColumn($"c{c}", Enumerable.Range(0, rows).Select(_ => random.NextInt(5) == 0 ? double.NaN : random.NextGaussian()).ToArray()));
                else columns.Add(TextColumn.From($"c{c}", Enumerable.Range(0, rows).Select(_ => random.NextInt(5) == 0 ? null : "x" + RandomText())));
            }
            string RandomText() => string.Concat(Enumerable.Range(0, random.NextInt(8)).Select(_ => Letters[random.NextInt(Letters.Length)]));
            var table = new Table(columns);
            string path = Path.Combine(folder, "random.csv");
            CsvWriter.Write(path, table);
            var options = new ReadOptions { BlockBytes = 1 + random.NextInt(60), Header = true, Delimiter = ',' };
            var back = TableReader.Read([path], options, WorkerPool.Single, out _);
            foreach (var column in table.Columns) Assert.Equal(Texts(column), Texts(back[column.Name]));
        }
    }

    [Fact]
    public void Random_bytes_give_a_table_or_a_SourceException()
    {
        var random = new RandomSource(5);
        byte[] alphabet = Encoding.UTF8.GetBytes("a1,\"\n\r;{}[]:.-e\t é\\");
        for (int trial = 0; trial < 1000; trial++)
        {
            byte[] bytes = [.. Enumerable.Range(0, random.NextInt(60)).Select(_ => alphabet[random.NextInt(alphabet.Length)])];
            string path = Path.Combine(folder, trial % 2 == 0 ? "f.csv" : "f.json");
            File.WriteAllBytes(path, bytes);
            try { TableReader.Read([path], new ReadOptions { BlockBytes = 1 + random.NextInt(20) }, WorkerPool.Single, out _); }
            catch (SourceException) { }
        }
    }
}
