using System.Globalization;
using System.Text;
using Tilth.Data;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;
using ColumnProfile = Tilth.Packaging.ColumnProfile;

namespace Tilth.Reporting;

/// <summary>The table of columns: what each is, how much of it is missing, and how its values lay in training.</summary>
internal static class ReportColumns
{
    const int MostColumns = 300, MostLevels = 5;

    public static string Write(ReportContent content)
    {
        if (content.Schema is not { } schema) return "";
        var profiles = content.Profile?.Columns.DistinctBy(profile => profile.Name).ToDictionary(profile => profile.Name) ?? [];
        var rows = new StringBuilder();
        foreach (var column in schema.Columns.Take(MostColumns))
        {
            var profile = profiles.GetValueOrDefault(column.Name);
            rows.Append($"<tr><td class=\"w\">{Escape(column.Name)}</td><td>{KindWord(column.Kind)}</td><td class=\"help\">{column.Role.ToString().ToLowerInvariant()}</td>"
                + $"<td class=\"n\">{(profile is null || profile.MissingShare == 0 ? "" : Numbers.Percent(profile.MissingShare))}</td><td class=\"w\">{Escape(ContentOf(column, profile))}</td></tr>");
        }
        string rest = schema.Columns.Count > MostColumns ? $"<p class=\"soft\">The first {MostColumns} of {schema.Columns.Count} columns.</p>" : "";
        return $"<h3>The columns</h3><div class=\"scroll\"><table><tr><th>Column</th><th>Kind</th><th class=\"help\">Role</th><th class=\"n\">Missing</th><th>Values in training</th></tr>{rows}</table></div>{rest}";
    }

    static string KindWord(ColumnKind kind) => kind switch { ColumnKind.DateTime => "date", ColumnKind.Boolean => "yes or no", _ => kind.ToString().ToLowerInvariant() };

    static string ContentOf(ColumnSchema column, ColumnProfile? profile) => column.Kind switch
    {
        ColumnKind.Number when !double.IsNaN(column.Min) => $"{Numbers.Short(column.Min)} to {Numbers.Short(column.Max)}{Middle(profile, Numbers.Short)}",
        ColumnKind.DateTime when IsDay(column.Min) && IsDay(column.Max) => $"{Day(column.Min)} to {Day(column.Max)}{Middle(profile, Day)}",
        ColumnKind.Category => LevelsOf(column, profile?.LevelShares ?? []),
        ColumnKind.Boolean when profile?.LevelShares is [_, var share] => $"true in {Numbers.Percent(share)} of rows",
        ColumnKind.Text when profile?.Quantiles is { Count: 101 } bytes => $"{Numbers.Short(bytes[0])} to {Numbers.Short(bytes[100])} bytes{Middle(profile, Numbers.Short)}",
        _ => "",
    };

    static string Middle(ColumnProfile? profile, Func<double, string> format)
        => profile?.Quantiles is { Count: 101 } quantiles && quantiles[25] < quantiles[75] ? $", half of them from {format(quantiles[25])} to {format(quantiles[75])}" : "";

    static string LevelsOf(ColumnSchema column, IReadOnlyList<double> shares)
    {
        double ShareOf(int level) => level < shares.Count ? shares[level] : double.NaN;
        int[] named = [.. Enumerable.Range(0, column.Levels.Count).Where(column.Levels.HasName).OrderByDescending(level => shares.Count == 0 ? 0 : ShareOf(level)).Take(MostLevels)];
        string list = string.Join(", ", named.Select(level => $"'{column.Levels.NameOf(level)}'{(double.IsNaN(ShareOf(level)) ? "" : $" {Numbers.Percent(ShareOf(level))}")}"));
        int others = column.Levels.Count - named.Length;
        return $"{column.Levels.Count} {(column.Levels.Count == 1 ? "level" : "levels")}{(list.Length > 0 ? ": " : "")}{list}{(others > 0 && list.Length > 0 ? $" and {others} more" : "")}";
    }

    static bool IsDay(double ticks) => ticks is >= 0 and < 3.155e18;

    static string Day(double ticks) => IsDay(ticks) ? new DateTime((long)ticks).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "unknown";
}
