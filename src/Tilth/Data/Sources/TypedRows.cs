using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Tilth.Data.Sources;

public static partial class TableReader
{
    /// <summary>
    /// One row for each object, one column for each public property: numbers (a TimeSpan counts in seconds), true or false,
    /// dates, and text (names of enumerations too). Null is missing.
    /// </summary>
    /// <exception cref="ArgumentException">The type has no public property.</exception>
    public static Table FromRows<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> rows)
    {
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0).ToArray();
        if (properties.Length == 0) throw new ArgumentException($"{typeof(T)} has no public property that could be a column");
        var columns = Array.ConvertAll(properties, property => new ValueCollector(property.Name));
        foreach (var row in rows)
            for (int i = 0; i < properties.Length; i++) columns[i].Add(row is null ? null : properties[i].GetValue(row));
        return new Table([.. columns.Select(column => column.Build())]);
    }

    /// <summary>The rows that the reader has still to give; the caller closes it. Types as in <see cref="FromRows"/>.</summary>
    /// <exception cref="SourceException">The database reports an error.</exception>
    public static Table FromReader(DbDataReader reader)
    {
        var (names, _) = DelimitedFormat.MakeDifferent([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], "the query");
        var columns = names.Select(name => new ValueCollector(name)).ToArray();
        try
        {
            while (reader.Read())
                for (int i = 0; i < columns.Length; i++) columns[i].Add(reader.GetValue(i));
        }
        catch (DbException e) { throw new SourceException("query", $"the query failed after {columns[0].Count} rows: {e.Message}", e); }
        return new Table([.. columns.Select(column => column.Build())]);
    }

    /// <summary>The rows that a query gives; the connection is opened and closed if it was closed.</summary>
    /// <exception cref="SourceException">The database reports an error.</exception>
    public static Table FromQuery(DbConnection connection, string sql)
    {
        bool opened = connection.State == ConnectionState.Closed;
        try
        {
            if (opened) connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            return FromReader(reader);
        }
        catch (DbException e) { throw new SourceException("query", $"the query failed: {e.Message}", e); }
        finally { if (opened) connection.Close(); }
    }
}
