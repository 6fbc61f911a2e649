using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Packaging;

/// <summary>How the values of one column lay in training. Holds no row and no withheld level's name.</summary>
public sealed record ColumnProfile
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>Share of rows without a value, in 0 to 1.</summary>
    public required double MissingShare { get; init; }

    /// <summary>
    /// 101 quantiles (0 %, 1 % ... 100 %) of the values that are there: numbers, ticks of dates, bytes of texts. Empty for
    /// categories, truth values, and columns without a value.
    /// </summary>
    public required IReadOnlyList<double> Quantiles { get; init; }

    /// <summary>Share of all rows in each level of a category, by code; of false and true for truth values; else empty.</summary>
    public required IReadOnlyList<double> LevelShares { get; init; }
}

/// <summary>
/// What the training data looked like, small enough to travel in the package: monitoring compares live data with it.
/// Deterministic: the same rows in any order give the same profile.
/// </summary>
public sealed record DataProfile
{
    /// <summary>Rows that were profiled.</summary>
    public required long RowCount { get; init; }

    /// <summary>The feature columns, and the target where the table has it.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    /// <summary>For each output 101 quantiles of the out-of-fold predictions; empty if there were none.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Scores { get; init; }

    /// <summary>The profile of a table.</summary>
    /// <param name="schema">Says which columns are features.</param>
    /// <param name="table">Conforms to the schema.</param>
    /// <param name="outOfFold">rows x outputs, row by row, of rows that have one; or empty.</param>
    /// <param name="outputs">Outputs a row.</param>
    public static DataProfile Of(Schema schema, Table table, ReadOnlySpan<double> outOfFold, int outputs) => new()
    {
        RowCount = table.RowCount,
        Columns = [.. schema.Columns.Where(column => column.Role is ColumnRole.Feature or ColumnRole.Target)
            .Select(column => table.Find(column.Name)).OfType<Column>().Select(ColumnSketch.Of)],
        Scores = ColumnSketch.ScoresOf(outOfFold, outputs),
    };

    internal void Pack(PartWriter writer)
    {
        writer.Int("rows", RowCount);
        writer.Parts("columns", Columns, (w, column) =>
        {
            w.Text("name", column.Name);
            w.Real("missing", column.MissingShare);
            w.Array<double>("quantiles", [.. column.Quantiles]);
            w.Array<double>("levels", [.. column.LevelShares]);
        });
        writer.Parts("scores", Scores, (w, score) => w.Array<double>("quantiles", [.. score]));
    }

    internal static DataProfile Unpack(PartReader reader) => new()
    {
        RowCount = reader.Int64("rows", 0, long.MaxValue),
        Columns = [.. reader.Parts("columns", 0, 1 << 24).Select(part => new ColumnProfile
        {
            Name = part.Text("name"),
            MissingShare = Shares(part, "missing", [part.Real("missing")])[0],
            Quantiles = Quantiles(part),
            LevelShares = Shares(part, "levels", part.Array<double>("levels", 0, int.MaxValue)),
        })],
        Scores = [.. reader.Parts("scores", 0, 1 << 16).Select(Quantiles)],
    };

    static double[] Shares(PartReader part, string name, double[] shares)
        => shares.All(share => share is >= 0 and <= 1) ? shares : throw part.Wrong(name, "holds a share outside 0 to 1");

    static double[] Quantiles(PartReader part)
    {
        double[] quantiles = part.Array<double>("quantiles", 0, ColumnSketch.Points);
        if (quantiles.Length is not (0 or ColumnSketch.Points)) throw part.Wrong("quantiles", $"has {quantiles.Length} numbers, not {ColumnSketch.Points}");
        for (int i = 0; i < quantiles.Length; i++)
            if (double.IsNaN(quantiles[i]) || (i > 0 && quantiles[i] < quantiles[i - 1])) throw part.Wrong("quantiles", "does not ascend");
        return quantiles;
    }
}
