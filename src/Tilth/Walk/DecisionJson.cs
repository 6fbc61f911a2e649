using System.Text.Json;
using Tilth.Data;

namespace Tilth.Walk;

/// <summary>The decision log as JSON.</summary>
internal static class DecisionJson
{
    public static byte[] Write(DecisionLog decisions) => Json.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var (subject, choice, evidence) in decisions)
        {
            writer.WriteStartObject();
            writer.WriteString("subject", subject);
            writer.WriteString("choice", choice);
            writer.WriteString("evidence", evidence);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    public static DecisionLog Read(ReadOnlyMemory<byte> json)
    {
        var log = new DecisionLog();
        using var document = JsonDocument.Parse(json);
        foreach (var item in document.RootElement.EnumerateArray())
            log.Add(item.GetProperty("subject").GetString()!, item.GetProperty("choice").GetString()!, item.GetProperty("evidence").GetString()!);
        return log;
    }
}
