namespace Tilth.Cli.Commands;

/// <summary>Warnings of many chunks: the first of each kind and column, and in how many chunks it came again.</summary>
sealed class WarningTally
{
    readonly Dictionary<(string Code, string? Column), (Problem First, int Chunks)> seen = [];

    public void Add(IEnumerable<Problem> warnings)
    {
        foreach (var warning in warnings)
        {
            var key = (warning.Code, warning.Column);
            seen[key] = seen.TryGetValue(key, out var known) ? (known.First, known.Chunks + 1) : (warning, 1);
        }
    }

    public IEnumerable<Problem> Problems => seen.Values.Select(entry => entry.Chunks == 1 ? entry.First
        : entry.First with { Message = $"{entry.First.Message} (and so in {entry.Chunks - 1} more chunks of rows)" });
}
