using System.Buffers;
using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models.Trees;

/// <summary>
/// Trees that see, beside a row's features, numbers that stand for its categories (<see cref="StatisticTable"/>). To the trees
/// these are dense features after the row's own. The attribution of such a number goes to its categories in equal shares.
/// </summary>
public sealed class StatisticsEnsemble : Model
{
    const int Rows = 256, MostOnStack = 1024, MostTables = 1 << 14;

    readonly FeatureMap map, seen;
    readonly StatisticTable[] tables;
    readonly int width;

    /// <param name="map">The features of a row.</param>
    /// <param name="tables">At least one; their columns are the numbers, in this order.</param>
    /// <param name="trees">Trees over <see cref="Seen"/>.</param>
    internal StatisticsEnsemble(FeatureMap map, StatisticTable[] tables, TreeEnsemble trees)
    {
        (this.map, this.tables, Trees) = (map, tables, trees);
        seen = Seen(map, tables);
        width = seen.Dense.Count;
    }

    /// <inheritdoc/>
    public override int OutputCount => Trees.OutputCount;

    /// <inheritdoc/>
    public override Link Link => Trees.Link;

    /// <summary>The trees over the row's features and the numbers.</summary>
    public TreeEnsemble Trees { get; }

    internal IReadOnlyList<StatisticTable> Tables => tables;

    /// <summary>The features of a row, before the numbers.</summary>
    internal FeatureMap Map => map;

    internal override string PartKind => "statistics_trees";

    /// <summary>What the trees see: the dense features, the numbers of the tables, and then the rest.</summary>
    internal static FeatureMap Seen(FeatureMap map, IEnumerable<StatisticTable> tables)
    {
        var dense = map.Dense.ToList();
        foreach (var table in tables)
        {
            var owners = table.Categories.Select(category => map.Categories[category].Feature).ToList();
            string name = string.Join(" x ", owners.Select(owner => owner.Name));
            string[] sources = [.. owners.SelectMany(owner => owner.Sources).Distinct()];
            for (int column = 0; column < table.ColumnCount; column++) dense.Add(new($"{name}: statistic {column + 1}", sources));
        }
        return new(dense, map.Categories, map.Sparse);
    }

    /// <inheritdoc/>
    public override void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        var dense = Columns<float>(width, count);
        var codes = Columns<int>(map.Categories.Count, count);
        var row = new int[codes.Length];
        var numbers = new float[width];
        for (int done = 0; done < count; done += Rows)
        {
            int rows = Math.Min(Rows, count - done), first = start + done;
            for (int f = 0; f < map.Dense.Count; f++) features.Dense[f].AsSpan(first, rows).CopyTo(dense[f]);
            for (int f = 0; f < codes.Length; f++) features.Codes[f].AsSpan(first, rows).CopyTo(codes[f]);
            for (int i = 0; i < rows; i++)
            {
                for (int f = 0; f < row.Length; f++) row[f] = codes[f][i];
                FillNumbers(row, numbers);
                for (int f = map.Dense.Count; f < width; f++) dense[f][i] = numbers[f];
            }
            var sparse = features.Sparse is { } all ? new SparseRows(all.Starts.AsSpan(first, rows + 1).ToArray(), all.Columns, all.Values, all.Width) : null;
            Trees.Score(new FeatureMatrix(seen, rows, dense, codes, sparse), 0, rows, scores.Slice(done * OutputCount, rows * OutputCount));
        }
    }

    static T[][] Columns<T>(int columns, int rows) => [.. Enumerable.Range(0, columns).Select(_ => new T[Math.Min(rows, Rows)])];

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        float[]? rented = width > MostOnStack ? ArrayPool<float>.Shared.Rent(width) : null;
        Span<float> dense = rented is null ? stackalloc float[width] : rented.AsSpan(0, width);
        row.Dense.CopyTo(dense);
        FillNumbers(row.Codes, dense);
        Trees.ScoreRow(new FeatureRow(dense, row.Codes, row.SparseColumns, row.SparseValues), scores);
        if (rented is not null) ArrayPool<float>.Shared.Return(rented);
    }

    void FillNumbers(ReadOnlySpan<int> codes, Span<float> dense)
    {
        int at = map.Dense.Count;
        foreach (var table in tables)
        {
            table.Fill(codes, dense.Slice(at, table.ColumnCount));
            at += table.ColumnCount;
        }
    }

    internal override bool CanAttribute => true;

    internal override void Attribute(FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        int outputs = OutputCount, own = map.Dense.Count * outputs, added = (width - map.Dense.Count) * outputs;
        float[] dense = ArrayPool<float>.Shared.Rent(width);
        double[] all = ArrayPool<double>.Shared.Rent(contributions.Length + added);
        var parts = all.AsSpan(0, contributions.Length + added);
        row.Dense.CopyTo(dense);
        FillNumbers(row.Codes, dense);
        Trees.Attribute(new FeatureRow(dense.AsSpan(0, width), row.Codes, row.SparseColumns, row.SparseValues), parts, baseline);
        parts[..own].CopyTo(contributions);
        parts[(own + added)..].CopyTo(contributions[own..]);
        int at = own;
        foreach (var table in tables)
            for (int column = 0; column < table.ColumnCount; column++, at += outputs)
                foreach (int category in table.Categories)
                    for (int k = 0; k < outputs; k++) contributions[own + category * outputs + k] += parts[at + k] / table.Categories.Length;
        ArrayPool<double>.Shared.Return(all);
        ArrayPool<float>.Shared.Return(dense);
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Parts("tables", tables, (w, table) => table.Pack(w));
        writer.Part("trees", Trees.Pack);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote; everything is checked against the map.</summary>
    /// <exception cref="PackageFormatException">The part is not such an ensemble over the features of the map.</exception>
    internal static StatisticsEnsemble Unpack(PartReader reader, FeatureMap map)
    {
        var tables = Array.ConvertAll(reader.Parts("tables", 1, MostTables), part => StatisticTable.Unpack(part, map));
        if (tables.Sum(table => (long)table.ColumnCount) > 1 << 20) throw reader.Wrong("tables", "have too many columns");
        return new(map, tables, TreeEnsemble.Unpack(reader.Part("trees"), Seen(map, tables)));
    }
}
