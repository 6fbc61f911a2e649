using System.Text.Json;
using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>A package's columns in the words of JSON Schema (2020-12), with what training saw as examples.</summary>
internal static class SchemaDocument
{
    const int MostLevels = 50;

    /// <summary>The schema of one row.</summary>
    public static void WriteRow(Utf8JsonWriter json, ModelPackage package, bool alone)
    {
        json.WriteStartObject();
        if (alone)
        {
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", $"A row to foresee '{package.Target.Column}' of");
        }
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var column in package.Schema.Columns)
        {
            json.WriteStartObject(column.Name);
            if (column.Role == ColumnRole.Feature) WriteFeature(json, column);
            else json.WriteString("description", $"{column.Role.ToString().ToLowerInvariant()}; may be sent, is not looked at");
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    /// <summary>A row of typical values: medians and the most frequent levels, never a row of the training data.</summary>
    public static void WriteExample(Utf8JsonWriter json, ModelPackage package)
    {
        var profiles = package.Profile?.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal) ?? [];
        json.WriteStartObject();
        foreach (var column in package.Schema.Features)
        {
            var profile = profiles.GetValueOrDefault(column.Name);
            double middle = profile is { Quantiles.Count: > 50 } ? profile.Quantiles[50] : column.Min;
            switch (column.Kind)
            {
                case ColumnKind.Number when double.IsFinite(middle): json.WriteNumber(column.Name, middle); break;
                case ColumnKind.Boolean: json.WriteBoolean(column.Name, true); break;
                case ColumnKind.DateTime when middle is >= 0 and <= 3.1e18: json.WriteString(column.Name, Day(middle)); break;
                case ColumnKind.Category when Typical(column, profile) is { } level: json.WriteString(column.Name, level); break;
                case ColumnKind.Text: json.WriteString(column.Name, "some words"); break;
                default: json.WriteNull(column.Name); break;
            }
        }
        json.WriteEndObject();
    }

    static void WriteFeature(Utf8JsonWriter json, ColumnSchema column)
    {
        json.WriteStartArray("type");
        json.WriteStringValue(column.Kind switch { ColumnKind.Number => "number", ColumnKind.Boolean => "boolean", _ => "string" });
        json.WriteStringValue("null");
        json.WriteEndArray();
        switch (column.Kind)
        {
            case ColumnKind.Number when double.IsFinite(column.Min) && double.IsFinite(column.Max):
                json.WriteString("description", FormattableString.Invariant($"training saw {column.Min:R} to {column.Max:R}"));
                break;
            case ColumnKind.DateTime:
                json.WriteString("format", "date-time");
                if (column.Min is >= 0 and <= 3.1e18 && column.Max is >= 0 and <= 3.1e18) json.WriteString("description", $"training saw {Day(column.Min)} to {Day(column.Max)}");
                break;
            case ColumnKind.Category:
                json.WriteString("description", $"training saw {column.Levels.Count} levels; another counts as missing, with a warning");
                json.WriteStartArray("examples");
                foreach (string level in Named(column).Take(MostLevels)) json.WriteStringValue(level);
                json.WriteEndArray();
                break;
        }
    }

    static string? Typical(ColumnSchema column, ColumnProfile? profile)
        => profile is { LevelShares.Count: > 0 } shares
            ? Enumerable.Range(0, Math.Min(column.Levels.Count, shares.LevelShares.Count)).Where(column.Levels.HasName)
                .OrderByDescending(code => shares.LevelShares[code]).Select(column.Levels.NameOf).FirstOrDefault()
            : Named(column).FirstOrDefault();

    static IEnumerable<string> Named(ColumnSchema column)
        => Enumerable.Range(0, column.Levels.Count).Where(column.Levels.HasName).Select(column.Levels.NameOf);

    static string Day(double ticks) => new DateTime((long)ticks).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
