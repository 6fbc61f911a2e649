using Tilth.Data;
using Tilth.Explanation;
using Tilth.Packaging;
using Tilth.Reporting.Charts;
using Tilth.Walk;

namespace Tilth.Reporting;

/// <summary>
/// How three made-up rows come to their predictions: a typical one, and one each that its most important columns push up and
/// down. Made of the package's profile alone, so that no real row is told.
/// </summary>
internal static class MadeUpStories
{
    const int MostColumns = 40, PushedColumns = 5, BackgroundRows = 25, Orders = 12;

    public static IReadOnlyList<RowStory> Of(ModelPackage package)
    {
        string[] columns = [.. package.Node.SourceColumns];
        if (package.Profile is not { } profile || columns.Length is 0 or > MostColumns || package.Target.Task == TaskKind.Multiclass) return [];
        var background = MadeUpRows.Of(package, BackgroundRows, 0);
        var typical = MadeUpRows.Typical(package);
        string[] pushed = [.. ImportanceJson.Read(package).Select(one => one.Column).Where(columns.Contains).Take(PushedColumns)];
        string more = package.Target.Task == TaskKind.Regression ? "high" : "likely", less = package.Target.Task == TaskKind.Regression ? "low" : "unlikely";
        var predict = PackagePredictor.Of(package);
        return
        [
            Tell(predict, typical, background, columns, "A typical row (made up: the middle or most frequent value of each column)"),
            Tell(predict, Pushed(package, profile, predict, typical, pushed, up: true), background, columns, $"Made up to be {more}: the most important columns pushed up"),
            Tell(predict, Pushed(package, profile, predict, typical, pushed, up: false), background, columns, $"Made up to be {less}: the most important columns pushed down"),
        ];
    }

    /// <summary>The story of one row.</summary>
    public static RowStory Tell(RowPredictor predict, Table row, Table background, IReadOnlyList<string> columns, string title)
    {
        var parts = ShapleySample.Of(predict, row, background, columns, Orders, 0);
        return new(title, parts.Baseline, [.. columns.Select((column, i) => (Name: $"{column} = {ValueOf(row[column])}", Move: parts.Values[i])).OrderByDescending(step => Math.Abs(step.Move)).ThenBy(step => step.Name, StringComparer.Ordinal)],
            parts.Errors.Max());
    }

    static string ValueOf(Column column) => column is NumberColumn numbers && !numbers.IsMissing(0) ? Numbers.Short(numbers.Values.Span[0]) : column.Format(0) ?? "missing";

    /// <summary>Column by column the value among the usual ones that moves the prediction farthest.</summary>
    static Table Pushed(ModelPackage package, DataProfile profile, RowPredictor predict, Table row, string[] columns, bool up)
    {
        foreach (string name in columns)
        {
            var schema = package.Schema.Find(name)!;
            var known = profile.Columns.First(column => column.Name == name);
            double[] values = known.Quantiles.Count > 0 ? [.. new[] { 5, 25, 50, 75, 95 }.Select(at => known.Quantiles[at])]
                : [.. Enumerable.Range(0, known.LevelShares.Count).Where(k => known.LevelShares[k] >= 0.02 && (schema.Kind == ColumnKind.Boolean || schema.Levels.HasName(k))).Select(k => (double)k)];
            if (values.Length == 0 || schema.Kind == ColumnKind.Text) continue;
            double[] predictions = predict(row.Take(new int[values.Length]).With(MadeUpRows.Make(schema, values)));
            int best = up ? Array.IndexOf(predictions, predictions.Max()) : Array.IndexOf(predictions, predictions.Min());
            row = row.With(MadeUpRows.Make(schema, [values[best]]));
        }
        return row;
    }
}
