using System.Buffers;
using System.Text.Json;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Learners;
using Tilth.Packaging;
using Tilth.Search;

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

/// <summary>From which data, plan and seed a package came: enough to make it again to the byte. No clock, path or machine.</summary>
internal static class Lineage
{
    public static byte[] Write(Training training, TrainingTable data, ulong seed) => Json.Write(writer =>
    {
        var entry = LearnerCatalog.All.FirstOrDefault(entry => entry.Default.GetType() == training.Learner.GetType());
        writer.WriteStartObject();
        writer.WriteString("tilth", typeof(Training).Assembly.GetName().Version?.ToString(3));
        writer.WriteString("data_sha256", TableHash.Of(data.Table));
        writer.WriteNumber("rows", data.RowCount);
        writer.WriteNumber("seed", seed);
        if (training.Search is { } search)
        {
            writer.WriteString("learner", "search");
            writer.WriteString("metric", search.Metric);
        }
        else writer.WriteString("learner", entry?.Name ?? training.Learner.GetType().Name);
        writer.WriteStartObject("parameters");
        foreach (var parameter in training.Search is null ? entry?.Parameters ?? [] : []) writer.WriteString(parameter.Name, parameter.Format(parameter.Get(training.Learner)));
        writer.WriteEndObject();
        if (training.HoldoutShare is { } share) writer.WriteNumber("holdout", share);
        if (training.Folds is { } folds) writer.WriteNumber("folds", folds);
        writer.WriteBoolean("refit", training.Refit);
        writer.WriteBoolean("calibrate", training.Calibrate);
        if (training.Costs is { } costs)
        {
            writer.WriteNumber("cost_false_alarm", costs.FalseAlarm);
            writer.WriteNumber("cost_miss", costs.Miss);
        }
        if (training.Keep.Count > 0) writer.WriteString("keep", string.Join(", ", training.Keep));
        writer.WriteEndObject();
    });
}

/// <summary>Writes a JSON text.</summary>
internal static class Json
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" })) write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
