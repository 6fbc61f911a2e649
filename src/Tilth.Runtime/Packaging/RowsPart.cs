using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Packaging;

/// <summary>Writes a few rows of a conforming table into a package and reads them back.</summary>
internal static class RowsPart
{
    public const int MaxRows = 1000;

    public static void Pack(PartWriter writer, Table table)
    {
        writer.Int("rows", table.RowCount);
        writer.Parts("columns", table.Columns, (w, column) =>
        {
            w.Text("name", column.Name);
            switch (column)
            {
                case NumberColumn numbers: w.Array("values", numbers.Values.Span); break;
                case DateTimeColumn moments: w.Array("values", moments.Ticks.Span); break;
                case BooleanColumn flags: w.Array("values", flags.Values.Span); break;
                case CategoryColumn levels: w.Array("values", levels.Codes.Span); break;
                default: w.Texts("values", Enumerable.Range(0, column.Count).Select(column.Format)); break;
            }
        });
    }

    /// <summary>Reads the rows; each column is one of the schema's and has its kind and levels.</summary>
    public static Table Unpack(PartReader reader, Schema schema)
    {
        int rows = reader.Int("rows", 0, MaxRows);
        var known = schema.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var columns = new List<Column>();
        foreach (var part in reader.Parts("columns", 0, schema.Columns.Count))
        {
            if (!known.Remove(part.Text("name"), out var column)) throw part.Wrong("name", $"is '{part.Text("name")}', not a column of the schema, or named twice");
            columns.Add(Unpack(part, column, rows));
        }
        return new Table(columns);
    }

    static Column Unpack(PartReader part, ColumnSchema column, int rows)
    {
        switch (column.Kind)
        {
            case ColumnKind.Number:
                return new NumberColumn(column.Name, part.Array<double>("values", rows, rows));
            case ColumnKind.DateTime:
                long[] ticks = part.Array<long>("values", rows, rows);
                if (!ticks.All(t => t == DateTimeColumn.Missing || t is >= 0 and <= 3155378975999999999)) throw part.Wrong("values", "holds ticks outside the years 1 to 9999");
                return new DateTimeColumn(column.Name, ticks);
            case ColumnKind.Boolean:
                sbyte[] flags = part.Array<sbyte>("values", rows, rows);
                if (!flags.All(flag => flag is >= -1 and <= 1)) throw part.Wrong("values", "holds something other than -1, 0 and 1");
                return new BooleanColumn(column.Name, flags);
            case ColumnKind.Category:
                int[] codes = part.Array<int>("values", rows, rows);
                if (!codes.All(code => code >= -1 && code < column.Levels.Count)) throw part.Wrong("values", $"holds codes outside -1 to {column.Levels.Count - 1}");
                return new CategoryColumn(column.Name, codes, column.Levels);
            default:
                return TextColumn.From(column.Name, part.Texts("values", rows, rows));
        }
    }
}
