using System.Text.Json;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>The importance of source columns as JSON.</summary>
internal static class ImportanceJson
{
    public const string Name = "importance.json";

    public static byte[] Write(IReadOnlyList<ColumnImportance> importance) => Json.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var (column, share) in importance)
        {
            writer.WriteStartObject();
            writer.WriteString("column", column);
            writer.WriteNumber("share", share);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    /// <summary>What the package carries; empty if nothing.</summary>
    public static IReadOnlyList<ColumnImportance> Read(ModelPackage package)
    {
        if (!package.Documents.TryGetValue(Name, out var json)) return [];
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(item => new ColumnImportance(item.GetProperty("column").GetString()!, item.GetProperty("share").GetDouble()))];
    }
}
