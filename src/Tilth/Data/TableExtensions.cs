using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Tilth.Data.Sources;
using Tilth.Parallelism;

namespace Tilth.Data;

/// <summary>Ways to get a <see cref="Table"/>: Table.Read("customers.csv"), Table.FromRows(customers).</summary>
public static class TableExtensions
{
    extension(Table)
    {
        /// <summary>Reads files as one table; see <see cref="TableReader.Read"/>.</summary>
        public static Table Read(params IReadOnlyList<string> paths) => TableReader.Read(paths, null, WorkerPool.Single, out _);

        /// <summary>One row for each object; see <see cref="TableReader.FromRows"/>.</summary>
        public static Table FromRows<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> rows)
            => TableReader.FromRows(rows);

        /// <summary>The rows of a query; see <see cref="TableReader.FromReader"/>.</summary>
        public static Table FromReader(DbDataReader reader) => TableReader.FromReader(reader);
    }
}
