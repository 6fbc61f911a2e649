namespace Tilth.Data.Sources;

/// <summary>What was found by looking at one file.</summary>
/// <param name="Path">The path as it was given; "-" is the standard input.</param>
/// <param name="Layout">A sentence about format, delimiter, encoding and header.</param>
/// <param name="Rows">Rows read from it.</param>
public sealed record FileReport(string Path, string Layout, long Rows);

/// <summary>What reading noticed beside the table itself.</summary>
/// <param name="Files">One for each file, in order.</param>
/// <param name="Warnings">What was mended on the way: short rows, renamed columns, bytes that are not UTF-8.</param>
/// <param name="MissingMarkers">For each number column with words for "no value" ("NA", "?"): the words and how often.</param>
public sealed record ReadReport(
    IReadOnlyList<FileReport> Files, IReadOnlyList<Problem> Warnings,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> MissingMarkers)
{
    /// <summary>What reading decided, for the log of everything that was decided.</summary>
    public IReadOnlyList<Decision> Decisions =>
    [
        .. Files.Select(file => file.Layout).Distinct().Select(layout => new Decision("source", layout, "found by looking")),
        .. MissingMarkers.Select(column => new Decision(column.Key, $"missing where it says {Spelling.List(column.Value.Keys)}",
            $"{column.Value.Values.Sum()} cells; all others are numbers or empty")),
    ];
}

/// <summary>Keeps the first problems of a kind and counts the rest.</summary>
internal sealed class ProblemList(string what, int most = 20)
{
    readonly List<Problem> kept = [];

    public long Count { get; private set; }

    public bool Full => kept.Count >= most;

    public void Add(Problem problem)
    {
        Count++;
        if (!Full) kept.Add(problem);
    }

    public void AddUncounted(long more) => Count += more;

    public IReadOnlyList<Problem> ToList() => Count <= kept.Count
        ? kept : [.. kept, new Problem("more", $"and {Count - kept.Count} more {what}")];
}
