namespace Tilth.Data.Sources;

/// <summary>Reads files of JSON objects, whole or chunk by chunk.</summary>
internal static class JsonReader
{
    const int WholeChunk = 1 << 30;

    /// <summary>Whether the file holds JSON: by its extension, else by its first byte.</summary>
    public static bool Fits(SourceFile file, ReadOptions options)
    {
        if (options.Format is { } format) return format == SourceFormat.Json;
        string extension = Path.GetExtension(file.PlainName);
        if (extension is ".json" or ".jsonl" or ".ndjson") return true;
        if (extension is ".csv" or ".tsv" or ".tab" || options.Delimiter is not null) return false;
        return file.FirstByte() is (byte)'{' or (byte)'[';
    }

    /// <summary>All rows of all files; columns are those of any row.</summary>
    public static Table Read(IReadOnlyList<SourceFile> files, out ReadReport report)
    {
        var tables = new List<Table>();
        foreach (var file in files)
        {
            using var rows = new JsonRows(file);
            tables.Add(rows.Read(WholeChunk) ?? throw new SourceException("no-rows", $"{file.Name} holds no object"));
        }
        var reports = files.Select((file, i) => new FileReport(file.Path, $"JSON objects, {file.EncodingName}", tables[i].RowCount)).ToList();
        report = new ReadReport(reports, [], new Dictionary<string, IReadOnlyDictionary<string, long>>());
        return tables.Count == 1 ? tables[0] : Join(tables);
    }

    /// <summary>Chunks of at most <see cref="ReadOptions.ChunkRows"/> rows; a chunk never spans two files.</summary>
    public static IEnumerable<Table> ReadChunks(IReadOnlyList<SourceFile> files, ReadOptions options)
    {
        foreach (var file in files)
        {
            using var rows = new JsonRows(file);
            while (rows.Read(options.ChunkRows) is { } chunk) yield return chunk;
        }
    }

    static Table Join(List<Table> tables)
    {
        var names = tables.SelectMany(table => table.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal);
        return new Table([.. names.Select(name =>
        {
            var joined = new ValueCollector(name);
            foreach (var table in tables)
                for (int row = 0; row < table.RowCount; row++) AddFrom(table.Find(name), row, joined);
            return joined.Build();
        })]);
    }

    static void AddFrom(Column? column, int row, ValueCollector to)
    {
        if (column is null || column.IsMissing(row)) to.AddMissing();
        else if (column is NumberColumn numbers) to.Add(numbers.Values.Span[row]);
        else if (column is BooleanColumn truths) to.Add(truths.Values.Span[row] == 1);
        else to.Add((object?)column.Format(row));
    }
}
