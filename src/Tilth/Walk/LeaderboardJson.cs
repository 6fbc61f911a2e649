using System.Text.Json;
using Tilth.Evaluation;
using Tilth.Packaging;
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

    /// <summary>The best readable model beside the blend; null where the package carries no leaderboard with one.</summary>
    public static (string Metric, Interval Readable, Interval Best)? Readable(ModelPackage package)
    {
        if (!package.Documents.TryGetValue(Name, out var json)) return null;
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        foreach (var row in root.GetProperty("models").EnumerateArray())
            if (row.GetProperty("model").GetString()!.StartsWith("additive", StringComparison.Ordinal))
                return (root.GetProperty("metric").GetString()!, Read(row.GetProperty("score")), Read(root.GetProperty("blend")));
        return null;
    }

    static Interval Read(JsonElement triple)
    {
        double[] values = [.. triple.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN)];
        return new(values[0], values[1], values[2]);
    }

    static void Write(Utf8JsonWriter writer, string name, Interval interval)
    {
        writer.WriteStartArray(name);
        foreach (double value in (double[])[interval.Value, interval.Lower, interval.Upper])
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write(Leaderboard)"/> wrote; what it does not write (times, titles, trials that did not finish) is empty.</summary>
    /// <exception cref="PackageFormatException">The bytes are no leaderboard.</exception>
    public static Leaderboard Read(ReadOnlySpan<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            var root = document.RootElement;
            LeaderboardRow RowOf(JsonElement e) => new(e.GetProperty("model").GetString()!, "", IntervalOf(e.GetProperty("score")), IntervalOf(e.GetProperty("difference")),
                e.GetProperty("weight").GetDouble(), 0, e.GetProperty("bytes").GetInt64(), e.GetProperty("models").GetInt32());
            return new(root.GetProperty("metric").GetString()!, root.GetProperty("simplest").GetString()!, [.. root.GetProperty("models").EnumerateArray().Select(RowOf)],
                IntervalOf(root.GetProperty("blend")), IntervalOf(root.GetProperty("blendDifference")), root.GetProperty("recommendation").GetString()!, []);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PackageFormatException("leaderboard-json", $"the leaderboard is not readable: {fault.Message}", fault);
        }
    }

    static Interval IntervalOf(JsonElement e)
    {
        double[] values = [.. e.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble())];
        return values.Length == 3 ? new(values[0], values[1], values[2]) : throw new FormatException($"an interval has 3 numbers, not {values.Length}");
    }
}
