using System.Text.Json;
using Tilth.Evaluation;
using Tilth.Search;

namespace Tilth.Walk;

/// <summary>A search's leaderboard as JSON, without times: the same plan gives the same bytes.</summary>
internal static class LeaderboardJson
{
    public const string Name = "leaderboard.json";

    public static byte[] Write(Leaderboard board) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("metric", board.Metric);
        writer.WriteString("simplest", board.Simplest);
        writer.WriteString("recommendation", board.Recommendation);
        Write(writer, "blend", board.Blend);
        Write(writer, "blendDifference", board.BlendDifference);
        writer.WriteStartArray("models");
        foreach (var row in board.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("model", row.Model);
            Write(writer, "score", row.Score);
            Write(writer, "difference", row.Difference);
            writer.WriteNumber("weight", row.Weight);
            writer.WriteNumber("bytes", row.Bytes);
            writer.WriteNumber("models", row.Models);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    static void Write(Utf8JsonWriter writer, string name, Interval interval)
    {
        writer.WriteStartArray(name);
        foreach (double value in (double[])[interval.Value, interval.Lower, interval.Upper])
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        writer.WriteEndArray();
    }
}
