using System.IO.Compression;
using System.Text;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Parallelism;

namespace Tilth.Tests.Data.Sources;

public sealed class DelimitedReaderTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("tilth-sources").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    static Table Read(string path, ReadOptions? options = null) => TableReader.Read([path], options, WorkerPool.Single, out _);

    static string[] Texts(Column column) => [.. Enumerable.Range(0, column.Count).Select(row => column.Format(row) ?? "∅")];

    [Fact]
    public void Kinds_are_decided_over_the_whole_column()
    {
        var table = Read(Write("a.csv", "n,m,t,z\n1,NA,x,01234\n2.5,3,,94110\n-1e3,4,7,1\n"));
        Assert.Equal([ColumnKind.Number, ColumnKind.Number, ColumnKind.Category, ColumnKind.Category], table.Columns.Select(c => c.Kind));
        Assert.Equal(["1", "2.5", "-1000"], Texts(table["n"]));
        Assert.Equal(["∅", "3", "4"], Texts(table["m"]));
        Assert.Equal(["x", "∅", "7"], Texts(table["t"]));
        Assert.Equal(["01234", "94110", "1"], Texts(table["z"]));
    }

    [Fact]
    public void A_column_that_turns_textual_late_keeps_the_spelling_of_its_numbers()
    {
        var text = new StringBuilder("a,b\n");
        for (int i = 0; i < 500; i++) text.Append($"{i}.50,{i}\n");
        string path = Write("late.csv", text + "oops,1\n");
        var table = Read(path, new ReadOptions { BlockBytes = 64 });
        Assert.Equal("0.50", table["a"].Format(0));
        Assert.Equal("oops", table["a"].Format(500));
        Assert.Equal(ColumnKind.Number, table["b"].Kind);
    }

    [Theory]
    [InlineData("a,b\n\"x,\"\"y\"\"\nz\",1\n5\" pipe,2\n")]
    [InlineData("a,b\r\n\"x,\"\"y\"\"\nz\",1\r\n5\" pipe,2")]
    [InlineData("a;b\n\"x,\"\"y\"\"\nz\";1\n5\" pipe;2\n\n")]
    [InlineData("a\tb\n\"x,\"\"y\"\"\nz\"\t1\n5\" pipe\t2\n")]
    [InlineData("a|b\n\"x,\"\"y\"\"\nz\"|1\n5\" pipe|2\n")]
    public void Quotes_delimiters_and_line_ends_wherever_the_blocks_are_cut(string text)
    {
        string path = Write("q.csv", text);
        for (int bytes = 1; bytes < 40; bytes++)
        {
            var table = Read(path, new ReadOptions { BlockBytes = bytes });
            Assert.Equal(["x,\"y\"\nz", "5\" pipe"], Texts(table["a"]));
            Assert.Equal(["1", "2"], Texts(table["b"]));
        }
    }

    [Fact]
    public void Encodings_are_found()
    {
        const string Text = "näme,b\nMünchen €,1\nβ,2\n";
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal("München €", Read(Write("e.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]))["näme"].Format(0));
        Assert.Equal("München €", Read(Write("u.csv", Encoding.Unicode.GetBytes("a,b\nMünchen €,1\nx,2\ny,3\nz,4\nu,6\n")))["a"].Format(0));
        byte[] latin = [.. Encoding.Latin1.GetBytes("näme,b\nMünchen "), 0x80, .. ",1\n"u8];
        var table = TableReader.Read([Write("l.csv", latin)], null, WorkerPool.Single, out var report);
        Assert.Equal("München €", table["näme"].Format(0));
        Assert.Contains(report.Warnings, problem => problem.Code == "encoding");
    }

    [Fact]
    public void Decimal_commas_and_missing_headers_are_found()
    {
        Assert.Equal(["1.5", "-2.25"], Texts(Read(Write("d.csv", "a;b\n1,5;2\n-2,25;3\n"))["a"]));
        var bare = Read(Write("n.csv", "1,2\n3,4\n"));
        Assert.Equal(["column1", "column2"], bare.Columns.Select(c => c.Name));
        Assert.Equal(2, bare.RowCount);
    }

    [Fact]
    public void Names_are_made_different_and_short_rows_padded()
    {
        var table = TableReader.Read([Write("r.csv", "a,a,,b\n1,2,3,4\n5,6\n7,8,9,1,,\n")], null, WorkerPool.Single, out var report);
        Assert.Equal(["a", "a_2", "column3", "b"], table.Columns.Select(c => c.Name));
        Assert.Equal(["4", "∅", "1"], Texts(table["b"]));
        Assert.Contains(report.Warnings, problem => problem is { Code: "short-row", Row: 3 });
        Assert.Equal(2, report.Warnings.Count(problem => problem.Code is "column-repeated" or "column-unnamed"));
    }

    [Fact]
    public void Long_rows_are_an_error_that_names_the_lines()
    {
        string path = Write("long.csv", "a,b\n1,2\n\n\"x\ny\",2,3\n" + string.Concat(Enumerable.Repeat("1,2,3\n", 30)));
        foreach (int bytes in new[] { 1, 30, 10_000 })
        {
            var error = Assert.Throws<SourceException>(() => Read(path, new ReadOptions { BlockBytes = bytes }));
            Assert.Equal(21, error.Problems.Count);
            Assert.Contains("line 4: 3 cells, but there are 2 columns", error.Problems[0].Message);
            Assert.Contains("line 6:", error.Problems[1].Message);
            Assert.Equal("and 11 more long rows", error.Problems[20].Message);
        }
    }

    [Fact]
    public void Bad_input_is_named()
    {
        void Fails(string code, string part, string path)
        {
            var error = Assert.Throws<SourceException>(() => Read(path));
            Assert.Equal(code, error.Problems[0].Code);
            Assert.Contains(part, error.Message);
        }
        Write("customers.csv", "a\n1\n");
        Fails("no-file", "did you mean 'customers.csv'", Path.Combine(folder, "custmers.csv"));
        Fails("folder", "is a folder", folder);
        Fails("empty", "is empty", Write("empty.csv", ""));
        Fails("empty", "blank lines", Write("blank.csv", "\n\n"));
        Fails("no-rows", "no rows", Write("header.csv", "a,b\n"));
        Fails("binary", "Parquet", Write("p.csv", "PAR1\0\0\u0001xyz"));
        Fails("binary", "zip archive", Write("x.xlsx", [(byte)'P', (byte)'K', 3, 4, 9, 9, 9, 9]));
        Fails("open-quote", "line 2", Write("open.csv", "a,b\n\"x,1\ny,2\n"));
        Fails("damaged", "damaged", Write("cut.csv.gz", Gzip("a,b\n" + string.Concat(Enumerable.Range(0, 9999).Select(i => $"{i * 7919 % 9973},{i}\n")))[..5000]));
    }

    static byte[] Gzip(string text)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }

    [Fact]
    public void Several_files_in_any_order_of_columns_and_compressed()
    {
        string first = Write("1.csv", "a,b\n1,x\n"), second = Write("2.csv.gz", Gzip("b;a\ny;2\nz;3\n")), third = Write("3.csv", "a,c\n1,2\n");
        var table = TableReader.Read([first, second], null, WorkerPool.Single, out var report);
        Assert.Equal(["1", "2", "3"], Texts(table["a"]));
        Assert.Equal(["x", "y", "z"], Texts(table["b"]));
        Assert.Equal([1, 2], report.Files.Select(file => file.Rows));
        var error = Assert.Throws<SourceException>(() => TableReader.Read([first, third], null, WorkerPool.Single, out _));
        Assert.Equal(["column-missing", "column-extra"], error.Problems.Select(problem => problem.Code));
    }
}
