using Tilth.Parallelism;

namespace Tilth.Data.Sources;

/// <summary>
/// Brings raw data into a <see cref="Table"/>. A column is Number if each of its cells is a plain number, empty, or a usual word
/// for "no value"; else Category while its texts are few, else Text. What the columns mean is for schema inference to say.
/// </summary>
public static partial class TableReader
{
    /// <summary>
    /// Reads files (CSV, TSV, JSON lines, a JSON array; each may be ".gz"; "-" is the standard input) as one table. The files have
    /// the same columns, in any order. The same bytes give the same table whatever the number of threads.
    /// </summary>
    /// <exception cref="SourceException">A file is not there, empty, not text, has rows with too many cells, or other columns.</exception>
    public static Table Read(IReadOnlyList<string> paths, ReadOptions? options, WorkerPool workers, out ReadReport report)
    {
        options ??= new ReadOptions();
        var files = OpenAll(paths, options, once: false);
        try
        {
            return AreJson(files, options) ? JsonReader.Read(files, out report) : DelimitedReader.Read(files, options, workers, out report);
        }
        finally { foreach (var file in files) file.Dispose(); }
    }

    /// <summary>
    /// Reads files as a stream of tables of about <see cref="ReadOptions.ChunkRows"/> rows in constant memory. The schema's number
    /// columns are Number where all cells of the chunk are plain numbers; all other columns are Category or Text.
    /// </summary>
    /// <exception cref="SourceException">As for <see cref="Read"/>, when the enumeration comes to it.</exception>
    public static IEnumerable<Table> ReadChunks(IReadOnlyList<string> paths, ReadOptions options, Schema schema, WorkerPool workers)
    {
        var files = OpenAll(paths, options, once: true);
        try
        {
            var chunks = AreJson(files, options)
                ? JsonReader.ReadChunks(files, options) : DelimitedReader.ReadChunks(files, options, schema, workers);
            foreach (var chunk in chunks) yield return chunk;
        }
        finally { foreach (var file in files) file.Dispose(); }
    }

    static bool AreJson(List<SourceFile> files, ReadOptions options)
    {
        bool first = JsonReader.Fits(files[0], options);
        foreach (var file in files.Skip(1))
            if (JsonReader.Fits(file, options) != first)
                throw new SourceException("mixed", $"{files[0].Name} is {(first ? "JSON" : "delimited text")}, but {file.Name} is not; read them one by one");
        return first;
    }

    static List<SourceFile> OpenAll(IReadOnlyList<string> paths, ReadOptions options, bool once)
    {
        if (paths.Count == 0) throw new ArgumentException("no file is named");
        var problems = new List<Problem>();
        var files = new List<SourceFile>();
        foreach (string path in paths)
        {
            try { files.Add(new SourceFile(path, options.Encoding, once)); }
            catch (SourceException e) { problems.AddRange(e.Problems); }
        }
        return problems.Count == 0 ? files : throw new SourceException(problems);
    }
}
