using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>
/// Sums attributions of features onto the columns of the table that they were made from; a feature made from several
/// columns is shared equally. Sums stay what they were, so the parts still add up to the score. Immutable.
/// </summary>
public sealed class SourceAttribution
{
    readonly int[][] owners;
    readonly SparseRange[] segments;

    readonly record struct SparseRange(int Start, int End, int[] Owners);

    /// <summary>Reads the sources of every feature off the map.</summary>
    public SourceAttribution(FeatureMap map)
    {
        var names = new List<string>();
        var numbers = new Dictionary<string, int>();
        owners = [.. map.Dense.Concat(map.Categories.Select(c => c.Feature)).Select(Numbers)];
        segments = [.. map.Sparse.Select(s => new SparseRange(map.SparseStart + s.Start, map.SparseStart + s.Start + s.Width, Numbers(s.Feature)))];
        (Sources, FeatureCount) = (names, map.Count);

        int[] Numbers(Feature feature) => [.. feature.Sources.Select(name =>
        {
            if (numbers.TryAdd(name, names.Count)) names.Add(name);
            return numbers[name];
        })];
    }

    /// <summary>The source columns, in the order in which the features first name them.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>Features of the map.</summary>
    public int FeatureCount { get; }

    /// <summary>Writes the sums; allocates nothing.</summary>
    /// <param name="contributions">Features x outputs.</param>
    /// <param name="outputs">At least 1.</param>
    /// <param name="bySource">Sources x outputs, source by source; overwritten.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Sum(ReadOnlySpan<double> contributions, int outputs, Span<double> bySource)
    {
        if (contributions.Length != FeatureCount * outputs) throw new ArgumentException($"{contributions.Length} contributions are not {FeatureCount} features x {outputs} outputs");
        if (bySource.Length != Sources.Count * outputs) throw new ArgumentException($"{bySource.Length} places are not {Sources.Count} sources x {outputs} outputs");
        bySource.Clear();
        for (int f = 0; f < owners.Length; f++) Share(contributions.Slice(f * outputs, outputs), owners[f], bySource);
        foreach (var segment in segments)
            for (int f = segment.Start; f < segment.End; f++) Share(contributions.Slice(f * outputs, outputs), segment.Owners, bySource);
    }

    static void Share(ReadOnlySpan<double> contribution, int[] owners, Span<double> bySource)
    {
        foreach (int owner in owners)
            for (int k = 0; k < contribution.Length; k++) bySource[owner * contribution.Length + k] += contribution[k] / owners.Length;
    }
}
