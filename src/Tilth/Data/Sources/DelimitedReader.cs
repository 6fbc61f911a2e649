using Tilth.Parallelism;

namespace Tilth.Data.Sources;

/// <summary>Reads delimited files, whole or chunk by chunk. Blocks are parsed in parallel and added in file order.</summary>
internal static class DelimitedReader
{
    /// <summary>All rows of all files.</summary>
    public static Table Read(IReadOnlyList<SourceFile> files, ReadOptions options, WorkerPool workers, out ReadReport report)
    {
        DelimitedColumns? columns = null;
        IReadOnlyList<string> names = [];
        var reports = new List<FileReport>();
        var warnings = new List<Problem>();
        foreach (var file in files)
        {
            using var reader = new BlockReader(file, options);
            if (columns is null)
            {
                names = reader.Format.Names;
                long expected = file.Length / reader.BytesPerRow;
                columns = new(names, _ => true, expected + expected / 32);
            }
            long before = columns.Rows;
            Pass(reader, file, columns, MapTo(names, reader.Format, file), workers);
            warnings.AddRange(reader.Format.Renamed);
            reports.Add(new FileReport(file.Path, reader.Format.Describe(file.EncodingName), columns.Rows - before));
            if (columns.Rows == before) warnings.Add(new Problem("no-rows", $"{file.Name} has a header, but no rows"));
        }
        columns!.ThrowIfRagged();
        if (columns.Rows == 0) throw new SourceException("no-rows", $"{files[0].Name} has a header, but no rows");
        columns.Finish();
        ReadLate(files, options, columns, names, workers);
        warnings.AddRange(columns.Warnings());
        var markers = Enumerable.Range(0, names.Count).Where(i => columns.Markers(i) is not null)
            .ToDictionary(i => names[i], i => (IReadOnlyDictionary<string, long>)columns.Markers(i)!, StringComparer.Ordinal);
        report = new ReadReport(reports, warnings, markers);
        return new Table([.. Enumerable.Range(0, names.Count).Select(i => columns.Build(i))]);
    }

    /// <summary>
    /// Chunk columns are large objects, which the collector lets pile up (10 million rows: 2.2 GB) before it looks at them.
    /// Constant memory is the promise of a stream, so it is asked to look each time that this many bytes were handed out.
    /// </summary>
    const long CollectEvery = 96 << 20;

    /// <summary>Chunks of about <see cref="ReadOptions.ChunkRows"/> rows; a chunk never spans two files.</summary>
    public static IEnumerable<Table> ReadChunks(IReadOnlyList<SourceFile> files, ReadOptions options, Schema schema, WorkerPool workers)
    {
        IReadOnlyList<string>? names = null;
        Block[]? now = null, next = null;
        long handedOut = 0;
        foreach (var file in files)
        {
            using var reader = new BlockReader(file, options);
            names ??= reader.Format.Names;
            int[] map = MapTo(names, reader.Format, file);
            long chunkBytes = (long)options.ChunkRows * reader.BytesPerRow;
            now ??= NewSet(chunkBytes, options);
            next ??= NewSet(chunkBytes, options);
            long line = 1;
            for (int count = reader.Fill(now); count > 0;)
            {
                var columns = new DelimitedColumns(names, name => schema.Find(name)?.Kind == ColumnKind.Number, expectedRows: 0);
                int following = 0;
                columns.Add(now, count, reader.Format, map, file.Name, ref line, workers, () => following = reader.Fill(next));
                columns.ThrowIfRagged();
                if (columns.Rows > 0) yield return new Table([.. names.Select((name, i) => columns.Build(i, Canonical(schema.Find(name), reader.Format.Point)))]);
                (now, next, count) = (next, now, following);
                handedOut += columns.Rows * names.Count * sizeof(double);
                if (handedOut < CollectEvery) continue;
                GC.Collect();
                handedOut = 0;
            }
        }
    }

    static void Pass(BlockReader reader, SourceFile file, DelimitedColumns columns, int[] map, WorkerPool workers)
    {
        var (now, next) = (NewSet(4 * workers.Threads), NewSet(4 * workers.Threads));
        long line = 1;
        for (int count = reader.Fill(now); count > 0;)
        {
            int following = 0;
            columns.Add(now, count, reader.Format, map, file.Name, ref line, workers, () => following = reader.Fill(next));
            (now, next, count) = (next, now, following);
        }
    }

    /// <summary>Reads those columns again as text that turned out textual after their first round.</summary>
    static void ReadLate(IReadOnlyList<SourceFile> files, ReadOptions options, DelimitedColumns columns, IReadOnlyList<string> names, WorkerPool workers)
    {
        var late = columns.Late.ToHashSet();
        if (late.Count == 0) return;
        var again = new DelimitedColumns(names, _ => false, 0);
        foreach (var file in files)
        {
            using var reader = new BlockReader(file, options);
            int[] map = Array.ConvertAll(MapTo(names, reader.Format, file), place => late.Contains(place) ? place : -1);
            Pass(reader, file, again, map, workers);
        }
        if (again.Rows != columns.Rows) throw new SourceException("changed", "a file changed while it was read");
        foreach (int i in late) columns.Replace(i, again);
    }

    /// <summary>The place of each of the file's columns among the first file's.</summary>
    static int[] MapTo(IReadOnlyList<string> names, DelimitedFormat format, SourceFile file)
    {
        var problems = new List<Problem>();
        foreach (string name in names.Except(format.Names, StringComparer.Ordinal))
            problems.Add(new Problem("column-missing", $"{file.Name} has no column '{name}', which the first file has", name));
        foreach (string name in format.Names.Except(names, StringComparer.Ordinal))
            problems.Add(new Problem("column-extra", $"{file.Name} has a column '{name}', which the first file has not", name));
        if (problems.Count > 0) throw new SourceException(problems);
        var place = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        return [.. format.Names.Select(name => place[name])];
    }

    /// <summary>
    /// Where a category's levels are whole numbers, a table read whole spells the cell "1.0" as "1"; a chunk does so too.
    /// </summary>
    static Func<string, string>? Canonical(ColumnSchema? column, byte point)
    {
        if (column is not { Kind: ColumnKind.Category, Levels: var levels }) return null;
        return level =>
        {
            if (levels.IndexOf(level) >= 0 || !Kernels.DecimalText.TryRead(System.Text.Encoding.UTF8.GetBytes(level), point, out double value)) return level;
            string spelled = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            return levels.IndexOf(spelled) >= 0 ? spelled : level;
        };
    }

    static Block[] NewSet(long bytes, ReadOptions options) => NewSet((int)Math.Clamp((bytes + options.BlockBytes - 1) / options.BlockBytes, 1, 4096));

    static Block[] NewSet(int blocks)
    {
        var set = new Block[blocks];
        for (int i = 0; i < blocks; i++) set[i] = new Block();
        return set;
    }
}
