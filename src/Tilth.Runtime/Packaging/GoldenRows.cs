using System.Globalization;
using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models.Nodes;
using Tilth.Parts;

namespace Tilth.Packaging;

/// <summary>
/// A few rows made from the schema (never real ones) with the node tree's predictions for them: whoever opens the package
/// can check that it predicts the same bits here. The first row is all missing, the next two are the columns' ends.
/// </summary>
internal sealed record GoldenRows(Table Rows, double[] Predictions)
{
    const int Count = 16;

    static readonly string[] Words = ["field", "harvest", "seed", "rain", "stone", "plough", "barn", "wheat"];

    public static GoldenRows Make(Schema schema, Node node)
    {
        var rows = new Table([.. schema.Features.Select(MakeColumn)]);
        return new GoldenRows(rows, rows.Columns.Count == 0 ? [] : node.Predict(rows));
    }

    static Column MakeColumn(ColumnSchema column)
    {
        var random = new RandomSource(StableHash.Of(column.Name));
        bool Missing(int row) => row == 0 || (row > 2 && random.NextInt(8) == 0);
        T[] Fill<T>(T missing, Func<int, T> value) => [.. Enumerable.Range(0, Count).Select(row => Missing(row) ? missing : value(row))];
        double Number(int row)
        {
            double low = double.IsFinite(column.Min) ? column.Min : 0, high = double.IsFinite(column.Max) ? column.Max : low;
            return row == 1 ? low : row == 2 ? high : low + (high - low) * random.NextDouble();
        }
        return column.Kind switch
        {
            ColumnKind.Number => new NumberColumn(column.Name, Fill(double.NaN, Number)),
            ColumnKind.DateTime => new DateTimeColumn(column.Name, Fill(DateTimeColumn.Missing, row => (long)Math.Clamp(Number(row), 0, 3e18))),
            ColumnKind.Boolean => new BooleanColumn(column.Name, Fill<sbyte>(-1, row => (sbyte)(row < 3 ? row & 1 : random.NextInt(2)))),
            ColumnKind.Category => new CategoryColumn(column.Name,
                Fill(-1, row => column.Levels.Count == 0 ? -1 : row < 3 ? (row == 1 ? 0 : column.Levels.Count - 1) : random.NextInt(column.Levels.Count)), column.Levels),
            _ => TextColumn.From(column.Name, Fill<string?>(null, row => string.Join(' ', Enumerable.Range(0, row % 5)
                .Select(_ => random.NextInt(6) == 0 ? random.NextInt(1000).ToString(CultureInfo.InvariantCulture) : Words[random.NextInt(Words.Length)])))),
        };
    }

    public void Pack(PartWriter writer)
    {
        writer.Part("table", w => RowsPart.Pack(w, Rows));
        writer.Array<double>("predictions", Predictions);
    }

    public static GoldenRows Unpack(PartReader reader, Schema schema, Node node)
    {
        var rows = RowsPart.Unpack(reader.Part("table"), schema);
        foreach (string name in node.SourceColumns)
            if (rows.Find(name) is null && rows.RowCount > 0) throw reader.Wrong("table", $"has no column '{name}', which the model reads");
        int count = checked(rows.RowCount * node.OutputCount);
        return new GoldenRows(rows, reader.Array<double>("predictions", count, count));
    }

    /// <summary>What the first row that now gets another prediction is, or null.</summary>
    public string? FindFault(Schema schema, Node node)
    {
        if (Rows.RowCount == 0) return null;
        double[] batch = node.Predict(Rows);
        var values = new RowValues(schema.Columns.Count);
        var prepared = new PreparedRow(node, schema, values);
        var single = new double[node.OutputCount];
        for (int row = 0; row < Rows.RowCount; row++)
        {
            for (int c = 0; c < schema.Columns.Count; c++)
                if (Rows.Find(schema.Columns[c].Name) is { } column) values.Load(c, column, row);
            prepared.Begin();
            node.PredictRow(prepared, single);
            for (int k = 0; k < single.Length; k++)
            {
                double stored = Predictions[row * single.Length + k], now = batch[row * single.Length + k];
                if (!Same(stored, now)) return string.Create(CultureInfo.InvariantCulture, $"golden row {row + 1} was predicted as {stored:R}, but is now {now:R}");
                if (!Same(stored, single[k])) return string.Create(CultureInfo.InvariantCulture, $"golden row {row + 1} is {now:R} in a table, but {single[k]:R} alone");
            }
        }
        return null;
    }

    static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
}
