using Tilth.Parallelism;

namespace Tilth.Data.Sources;

/// <summary>
/// The columns of a delimited table while its rounds of blocks come in. A column is read as numbers until a cell is neither a
/// number nor a word for "no value". If that happens in its first round it is read again from the blocks as text; later, when the
/// earlier texts are gone, it is marked <see cref="Late"/> and needs a second pass over the files.
/// </summary>
internal sealed class DelimitedColumns(IReadOnlyList<string> names, Func<string, bool> startsAsNumber, long expectedRows)
{
    readonly Entry[] entries = [.. names.Select(name => new Entry(startsAsNumber(name)))];
    readonly ProblemList shortRows = new("short rows"), longRows = new("long rows");
    int mended;

    public long Rows { get; private set; }

    /// <summary>Columns whose texts must be read in a second pass.</summary>
    public IEnumerable<int> Late => Enumerable.Range(0, entries.Length).Where(i => entries[i].Late);

    /// <summary>Parses and adds a round of blocks, while <paramref name="meanwhile"/> runs as one more item beside.</summary>
    /// <remarks>The map gives each column of the file its place here, or -1 to pass over it.</remarks>
    public void Add(Block[] blocks, int count, DelimitedFormat format, int[] map, string file, ref long line, WorkerPool workers, Action meanwhile)
    {
        workers.For(count + 1, item =>
        {
            if (item == 0) meanwhile();
            else Parse(blocks[item - 1], format, map);
        });
        for (int column = 0; column < map.Length; column++)
            if (map[column] >= 0) Decide(entries[map[column]], blocks, count, column);
        int[] cells = new int[map.Length];
        workers.For(map.Length, column =>
        {
            if (map[column] >= 0) cells[column] = Append(entries[map[column]], blocks, count, column, format);
        });
        mended += cells.Sum();
        for (int b = 0; b < count; b++)
        {
            foreach (var (at, found) in blocks[b].Ragged) AddRagged(file, line + at, found, format.Names.Count);
            line += blocks[b].Lines;
            Rows += blocks[b].Rows;
        }
    }

    /// <summary>The problems that make the table unusable.</summary>
    public void ThrowIfRagged()
    {
        if (longRows.Count > 0) throw new SourceException(longRows.ToList());
    }

    /// <summary>What was mended.</summary>
    public IEnumerable<Problem> Warnings()
    {
        foreach (var problem in shortRows.ToList()) yield return problem;
        if (mended > 0) yield return new Problem("encoding", $"{mended} cells are not UTF-8; they were read as Windows-1252");
    }

    /// <summary>Column <paramref name="i"/>; <paramref name="canonical"/> as in <see cref="TextCollector.Build"/>.</summary>
    public Column Build(int i, Func<string, string>? canonical = null)
        => entries[i].Numbers?.Build(names[i]) ?? (Column?)entries[i].Texts?.Build(names[i], canonical) ?? new NumberColumn(names[i], default);

    /// <summary>The words for "no value" in number column <paramref name="i"/>.</summary>
    public Dictionary<string, long>? Markers(int i) => entries[i].IsNumber ? entries[i].Markers : null;

    /// <summary>Ends the first pass: a column of markers only is text.</summary>
    public void Finish()
    {
        foreach (var entry in entries)
            if (entry is { IsNumber: true, AnyNumber: false, Markers: not null }) entry.GoLate();
    }

    /// <summary>Puts in a column that a second pass read.</summary>
    public void Replace(int i, DelimitedColumns other) => entries[i] = other.entries[i];

    void Parse(Block block, DelimitedFormat format, int[] map)
    {
        block.Split(format, map.Length);
        for (int column = 0; column < map.Length; column++)
            if (map[column] >= 0 && entries[map[column]] is { IsNumber: true, Late: false }) block.ReadNumbers(column, format);
    }

    static void Decide(Entry entry, Block[] blocks, int count, int column)
    {
        if (!entry.IsNumber || entry.Late || !blocks.AsSpan(0, count).ToArray().Any(block => block.Textual[column])) return;
        if (entry.Numbers is not null) entry.GoLate();
        else entry.IsNumber = false;
    }

    int Append(Entry entry, Block[] blocks, int count, int column, DelimitedFormat format)
    {
        if (entry.Late) return 0;
        int found = 0;
        byte[] scratch = [];
        for (int b = 0; b < count; b++)
        {
            var block = blocks[b];
            if (!entry.IsNumber)
            {
                found += block.AddTexts(column, format, entry.Texts ??= new TextCollector(), ref scratch);
                continue;
            }
            (entry.Numbers ??= new NumberCollector(Math.Max(expectedRows, blocks.AsSpan(0, count).ToArray().Sum(each => (long)each.Rows)))).Add(block.Numbers[column].AsSpan(0, block.Rows));
            entry.AnyNumber |= block.AnyNumber[column];
            foreach (var (word, times) in block.Markers[column] ?? [])
            {
                var markers = entry.Markers ??= new(StringComparer.Ordinal);
                markers[word] = markers.GetValueOrDefault(word) + times;
            }
        }
        return found;
    }

    void AddRagged(string file, long line, int found, int wanted)
    {
        if (found > wanted)
            longRows.Add(new Problem("long-row", $"{file} line {line}: {found} cells, but there are {wanted} columns", Row: line));
        else
            shortRows.Add(new Problem("short-row", $"{file} line {line}: only {found} of {wanted} cells; the others are taken as missing", Row: line));
    }

    sealed class Entry(bool isNumber)
    {
        public bool IsNumber = isNumber, Late, AnyNumber;
        public NumberCollector? Numbers;
        public TextCollector? Texts;
        public Dictionary<string, long>? Markers;

        public void GoLate() => (Late, Numbers, Markers) = (true, null, null);
    }
}
