using Tilth.Data;
using Tilth.Kernels;
using Tilth.Packaging;

namespace Tilth.Explanation;

/// <summary>
/// Rows made from a package's profile: each column drawn by itself from how its values lay in training. No real row is among
/// them, and what goes together in real rows does not here; texts are missing.
/// </summary>
public static class MadeUpRows
{
    /// <summary>Rows of all feature columns, conforming to the package's schema.</summary>
    /// <exception cref="PackageFormatException">The package carries no profile.</exception>
    public static Table Of(ModelPackage package, int count, ulong seed)
    {
        var profile = package.Profile ?? throw new PackageFormatException("profile-missing", "the package carries no profile to make rows from; give a file of rows");
        var byName = profile.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var random = new RandomSource(seed);
        int next = 0;
        return new([.. package.Schema.Features.Select(column => Drawn(column, byName.GetValueOrDefault(column.Name), count, random.Child(next++)))]);
    }

    /// <summary>One row: the median of each number, the most frequent level of each category.</summary>
    /// <exception cref="PackageFormatException">The package carries no profile.</exception>
    public static Table Typical(ModelPackage package)
    {
        var profile = package.Profile ?? throw new PackageFormatException("profile-missing", "the package carries no profile to make a row from; give a file of rows");
        var byName = profile.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        return new([.. package.Schema.Features.Select(column => byName.GetValueOrDefault(column.Name) is not { } known ? Make(column, [double.NaN])
            : known.Quantiles.Count > 0 ? Make(column, [known.Quantiles[50]])
            : Make(column, [known.LevelShares.Count == 0 ? double.NaN : Enumerable.Range(0, known.LevelShares.Count).MaxBy(k => known.LevelShares[k])]))]);
    }

    static Column Drawn(ColumnSchema column, Packaging.ColumnProfile? profile, int count, RandomSource random)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = profile is null || random.NextDouble() < profile.MissingShare ? double.NaN : Draw(profile, random.NextDouble());
        return Make(column, values);
    }

    static double Draw(Packaging.ColumnProfile profile, double at)
    {
        if (profile.Quantiles.Count > 0) return profile.Quantiles[(int)Math.Round(at * (profile.Quantiles.Count - 1))];
        double left = at * profile.LevelShares.Sum();
        for (int k = 0; k < profile.LevelShares.Count; k++)
            if ((left -= profile.LevelShares[k]) < 0) return k;
        return double.NaN;
    }

    /// <summary>Values as a column; NaN is missing.</summary>
    internal static Column Make(ColumnSchema column, double[] values) => column.Kind switch
    {
        ColumnKind.Number => new NumberColumn(column.Name, values),
        ColumnKind.DateTime => new DateTimeColumn(column.Name, Array.ConvertAll(values, value => double.IsNaN(value) ? DateTimeColumn.Missing : (long)value)),
        ColumnKind.Category => new CategoryColumn(column.Name, Array.ConvertAll(values, value => double.IsNaN(value) ? -1 : (int)value), column.Levels),
        ColumnKind.Boolean => new BooleanColumn(column.Name, Array.ConvertAll(values, value => double.IsNaN(value) ? (sbyte)-1 : (sbyte)value)),
        _ => TextColumn.From(column.Name, new string?[values.Length]),
    };
}
