using System.Globalization;
using Tilth.Kernels;

namespace Tilth.Data.Samples;

/// <summary>Collects the cells of a made table, column by column, as a source would hand them over.</summary>
internal sealed class SampleWriter(int rows)
{
    readonly List<(string Name, string[] Cells)> columns = [];

    /// <summary>Adds a column whose cell of each row is given; empty is missing.</summary>
    public void Add(string name, Func<int, string> cell) => columns.Add((name, [.. Enumerable.Range(0, rows).Select(cell)]));

    /// <summary>Number columns where all cells are numbers, texts where most differ, dictionaries elsewhere.</summary>
    public Table Build() => new([.. columns.Select(column => ToColumn(column.Name, column.Cells))]);

    /// <summary>A number as text without an exponent.</summary>
    public static string Text(double value, string format = "0.##") => value.ToString(format, CultureInfo.InvariantCulture);

    static Column ToColumn(string name, string[] cells)
    {
        var numbers = new double[cells.Length];
        bool plain = true;
        for (int i = 0; i < cells.Length && plain; i++)
        {
            numbers[i] = double.NaN;
            plain = cells[i].Length == 0 || double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
        }
        if (plain) return new NumberColumn(name, numbers);

        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        var levels = new List<string>();
        var coded = new int[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i].Length > 0 && codes.TryAdd(cells[i], levels.Count)) levels.Add(cells[i]);
            coded[i] = cells[i].Length == 0 ? -1 : codes[cells[i]];
        }
        return levels.Count > 1000 && levels.Count > cells.Length / 2
            ? TextColumn.From(name, cells.Select(cell => cell.Length == 0 ? null : cell))
            : new CategoryColumn(name, coded, new LevelSet(levels));
    }
}

/// <summary>Draws that the samples share.</summary>
internal static class SampleDraws
{
    /// <summary>One of the items, by weight.</summary>
    public static T Pick<T>(this RandomSource random, params ReadOnlySpan<(T Item, double Weight)> items)
    {
        double total = 0;
        foreach (var (_, weight) in items) total += weight;
        double at = random.NextDouble() * total;
        foreach (var (item, weight) in items)
            if ((at -= weight) < 0) return item;
        return items[^1].Item;
    }

    /// <summary>One of the items, each as likely.</summary>
    public static T Any<T>(this RandomSource random, params ReadOnlySpan<T> items) => items[random.NextInt(items.Length)];

    /// <summary>True with the given probability.</summary>
    public static bool Chance(this RandomSource random, double probability) => random.NextDouble() < probability;
}
