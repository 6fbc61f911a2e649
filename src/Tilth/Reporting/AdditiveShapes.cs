using System.Globalization;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models.Additive;

namespace Tilth.Reporting;

/// <summary>The largest curves of an additive model, as pictures take them.</summary>
internal static class AdditiveShapes
{
    const int MostShapes = 6, MostLevels = 8, MostPairs = 2, MostParts = 5;

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

    /// <summary>The largest functions of two columns, in at most five parts a column, each the mean of its cells by their rows.</summary>
    public static IReadOnlyList<PairFinding> PairsOf(AdditiveModel model, Schema schema)
        => [.. model.Terms.Where(term => term.Axes.Count == 2).OrderByDescending(term => term.Importance()).ThenBy(term => term.Name, StringComparer.Ordinal).Take(MostPairs)
            .Select(term => PairOf(term, schema)).OfType<PairFinding>()];

    static PairFinding? PairOf(AdditiveTerm term, Schema schema)
    {
        int across = term.Axes[1].Bins;
        var down = PartsOf(term.Axes[0], schema, bin => Enumerable.Range(0, across).Sum(other => term.Weight(bin * across + other)));
        var right = PartsOf(term.Axes[1], schema, bin => Enumerable.Range(0, term.Axes[0].Bins).Sum(other => term.Weight(other * across + bin)));
        if (down.Count < 2 || right.Count < 2) return null;
        double Mean(int[] rows, int[] columns)
        {
            int[] cells = [.. rows.SelectMany(row => columns.Select(column => row * across + column))];
            double weight = cells.Sum(term.Weight);
            return weight > 0 ? cells.Sum(cell => term.Weight(cell) * term.Value(cell)) / weight : double.NaN;
        }
        return new()
        {
            First = term.Axes[0].Name, Second = term.Axes[1].Name, FirstLabels = [.. down.Select(part => part.Label)], SecondLabels = [.. right.Select(part => part.Label)],
            Mean = [.. down.Select(part => right.Select(other => Mean(part.Bins, other.Bins)).ToArray())],
        };
    }

    /// <summary>Neighbouring bins of about as many rows each; of categories the most frequent levels that have a name.</summary>
    static List<(string Label, int[] Bins)> PartsOf(AdditiveAxis axis, Schema schema, Func<int, double> weight)
    {
        if (axis.IsCategory)
        {
            int[] bins = axis.BinOfLevel.ToArray();
            if (schema.Find(axis.Name) is not { } column || column.Levels.Count != bins.Length) return [];
            return [.. Enumerable.Range(0, bins.Length).Where(level => bins[level] >= 0 && column.Levels.HasName(level)).OrderByDescending(level => weight(bins[level])).Take(MostParts)
                .Select(level => (column.Levels.NameOf(level), (int[])[bins[level]]))];
        }
        var parts = new List<(string, int[])>();
        double total = Enumerable.Range(0, axis.ValueBins).Sum(weight), before = 0;
        for (int bin = 0, start = 0; bin < axis.ValueBins; bin++)
        {
            before += weight(bin);
            bool last = bin == axis.ValueBins - 1;
            if (!last && before < total * (parts.Count + 1) / MostParts) continue;
            parts.Add((last ? $"> {Number(axis, start - 1)}" : $"≤ {Number(axis, bin)}", [.. Enumerable.Range(start, bin + 1 - start)]));
            start = bin + 1;
        }
        return parts;
    }

    static string Number(AdditiveAxis axis, int edge) => axis.Edges.Length == 0 ? "" : Charts.Numbers.Short(axis.Edges[Math.Max(0, edge)]);
}
