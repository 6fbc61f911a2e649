using System.Data;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Tests.Contracts;

/// <summary>The same rows through every source give the same table, whole and in chunks, whatever the number of threads.</summary>
public sealed class SourceContract : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("tilth-contract").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public sealed record Customer(double? Income, string? City, string? Note, long Visits);

    static readonly List<Customer> Customers = MakeCustomers(700, 5);

    public static TheoryData<string> Sources => ["csv", "tsv", "csv.gz", "semicolon", "utf16", "jsonl", "json", "jsonl.gz", "unnamed.txt", "rows", "datatable"];

    [Theory, MemberData(nameof(Sources))]
    public void The_same_rows_give_the_same_table(string source)
    {
        var wanted = TableReader.FromRows(Customers);
        using var two = new WorkerPool(2);
        AssertSame(wanted, Through(source, WorkerPool.Single));
        AssertSame(wanted, Through(source, two));
    }

    [Theory, InlineData("csv"), InlineData("jsonl"), InlineData("json"), InlineData("csv.gz")]
    public void Chunks_joined_are_the_whole_table(string source)
    {
        var wanted = TableReader.FromRows(Customers);
        var schema = new Schema { Columns = [.. wanted.Columns.Select(column => new ColumnSchema { Name = column.Name, Kind = column.Kind })] };
        var options = new ReadOptions { ChunkRows = 100, BlockBytes = 700 };
        int at = 0, chunks = 0;
        foreach (var chunk in TableReader.ReadChunks([Write(source)], options, schema, WorkerPool.Single))
        {
            foreach (var column in chunk.Columns)
                for (int row = 0; row < column.Count; row++) Assert.Equal(wanted[column.Name].Format(at + row), column.Format(row));
            Assert.Equal(ColumnKind.Number, chunk["Income"].Kind);
            at += chunk.RowCount;
            chunks++;
        }
        Assert.Equal(wanted.RowCount, at);
        Assert.InRange(chunks, 5, 12);
    }

    Table Through(string source, WorkerPool workers)
    {
        if (source == "rows") return TableReader.FromRows(Customers.ToArray());
        if (source == "datatable")
        {
            using var data = ToDataTable();
            return TableReader.FromReader(data.CreateDataReader());
        }
        return TableReader.Read([Write(source)], new ReadOptions { BlockBytes = 3000 }, workers, out _);
    }

    string Write(string source)
    {
        string path = Path.Combine(folder, "customers." + source.Replace("semicolon", "csv"));
        var table = TableReader.FromRows(Customers);
        var bytes = new MemoryStream();
        char delimiter = source switch { "tsv" => '\t', "semicolon" => ';', _ => ',' };
        if (source.StartsWith("jsonl") || source == "unnamed.txt") bytes.Write(Encoding.UTF8.GetBytes(string.Join('\n', Customers.Select(c => JsonSerializer.Serialize(c)))));
        else if (source == "json") JsonSerializer.Serialize(bytes, Customers, new JsonSerializerOptions { WriteIndented = true });
        else using (var csv = new CsvWriter(bytes, delimiter)) csv.Write(table);
        byte[] content = bytes.ToArray();
        if (source == "utf16") content = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(content))];
        if (source.EndsWith(".gz"))
        {
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
            content = packed.ToArray();
        }
        File.WriteAllBytes(path, content);
        return path;
    }

    static DataTable ToDataTable()
    {
        var data = new DataTable();
        data.Columns.Add("Income", typeof(double));
        data.Columns.Add("City", typeof(string));
        data.Columns.Add("Note", typeof(string));
        data.Columns.Add("Visits", typeof(long));
        foreach (var c in Customers) data.Rows.Add(c.Income ?? (object)DBNull.Value, c.City, c.Note, c.Visits);
        return data;
    }

    static List<Customer> MakeCustomers(int count, ulong seed)
    {
        var random = new RandomSource(seed);
        string[] cities = ["Zürich", "Roma, Lazio", "Paris \"V\"", "'s-Hertogenbosch", "東京", "two\nlines", " blank before"];
        var customers = new List<Customer>();
        for (int i = 0; i < count; i++)
            customers.Add(new Customer(
                random.NextInt(10) == 0 ? null : random.NextGaussian() * 1000, random.NextInt(9) == 0 ? null : cities[random.NextInt(cities.Length)],
                $"note {random.NextUInt64():x}; \"ok\", {(i % 3 == 0 ? "a\tb" : "c|d")}", random.NextInt(50)));
        return customers;
    }

    static void AssertSame(Table wanted, Table found)
    {
        Assert.Equal(wanted.Columns.Select(c => (c.Name, c.Kind)), found.Columns.Select(c => (c.Name, c.Kind)));
        Assert.Equal(wanted.RowCount, found.RowCount);
        foreach (var column in wanted.Columns)
            for (int row = 0; row < wanted.RowCount; row++) Assert.Equal(column.Format(row), found[column.Name].Format(row));
        foreach (var category in wanted.Columns.OfType<CategoryColumn>())
            Assert.Equal(category.Codes.ToArray(), ((CategoryColumn)found[category.Name]).Codes.ToArray());
    }
}
