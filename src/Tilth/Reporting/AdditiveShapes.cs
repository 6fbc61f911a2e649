using System.Globalization;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models.Additive;

namespace Tilth.Reporting;

/// <summary>The largest curves of an additive model, as pictures take them.</summary>
internal static class AdditiveShapes
{
    const int MostShapes = 6, MostLevels = 8;

    public static IReadOnlyList<EffectFinding> Of(AdditiveModel model, Schema schema)
        => [.. model.Terms.Where(term => term.Axes.Count == 1).OrderByDescending(term => term.Importance()).ThenBy(term => term.Name, StringComparer.Ordinal).Take(MostShapes)
            .Select(term => term.Axes[0].IsCategory ? OfLevels(term, schema.Find(term.Name)) : OfNumbers(term)).OfType<EffectFinding>()];

    static EffectFinding? OfNumbers(AdditiveTerm term)
    {
        float[] edges = term.Axes[0].Edges.ToArray();
        if (edges.Length < 2) return null;
        // The middle of each bin; the two open ones end at their only edge.
        double[] x = [edges[0], .. Enumerable.Range(1, edges.Length - 1).Select(b => ((double)edges[b - 1] + edges[b]) / 2), edges[^1]];
        return Make(term, "number", [.. x.Select(value => value.ToString("R", CultureInfo.InvariantCulture))], x, [.. Enumerable.Range(0, x.Length)]);
    }

    static EffectFinding? OfLevels(AdditiveTerm term, ColumnSchema? column)
    {
        var axis = term.Axes[0];
        if (column is null || column.Levels.Count != axis.BinOfLevel.Length) return null;
        int[] bins = axis.BinOfLevel.ToArray();
        int[] levels = [.. Enumerable.Range(0, bins.Length).Where(level => bins[level] >= 0 && column.Levels.HasName(level)).OrderByDescending(level => term.Weight(bins[level])).Take(MostLevels)];
        return levels.Length < 2 ? null : Make(term, "category", [.. levels.Select(column.Levels.NameOf)], [.. levels.Select((_, i) => (double)i)], Array.ConvertAll(levels, level => bins[level]));
    }

    static EffectFinding Make(AdditiveTerm term, string kind, string[] labels, double[] x, int[] cells) => new()
    {
        Column = term.Name, Kind = kind, Labels = labels, Positions = x, Mean = [.. cells.Select(cell => term.Value(cell))],
        Rows = [[.. cells.Select(cell => term.Value(cell) - term.Band(cell))], [.. cells.Select(cell => term.Value(cell) + term.Band(cell))]], Local = [],
    };
}
