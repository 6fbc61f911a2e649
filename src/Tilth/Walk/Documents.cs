using System.Buffers;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Tilth.Data;
using Tilth.Learners;
using Tilth.Packaging;

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
        writer.WriteString("data_sha256", HashOf(data.Table));
        writer.WriteNumber("rows", data.RowCount);
        writer.WriteNumber("seed", seed);
        writer.WriteString("learner", entry?.Name ?? training.Learner.GetType().Name);
        writer.WriteStartObject("parameters");
        foreach (var parameter in entry?.Parameters ?? []) writer.WriteString(parameter.Name, parameter.Format(parameter.Get(training.Learner)));
        writer.WriteEndObject();
        if (training.HoldoutShare is { } share) writer.WriteNumber("holdout", share);
        if (training.Folds is { } folds) writer.WriteNumber("folds", folds);
        writer.WriteBoolean("refit", training.Refit);
        writer.WriteEndObject();
    });

    /// <summary>SHA-256 over names, kinds and values of the typed columns.</summary>
    static string HashOf(Table table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in table.Columns)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{column.Name}\0{column.Kind}\0{column.Count}\0"));
            switch (column)
            {
                case NumberColumn numbers: hash.AppendData(MemoryMarshal.AsBytes(numbers.Values.Span)); break;
                case DateTimeColumn moments: hash.AppendData(MemoryMarshal.AsBytes(moments.Ticks.Span)); break;
                case BooleanColumn flags: hash.AppendData(MemoryMarshal.AsBytes(flags.Values.Span)); break;
                case CategoryColumn categories:
                    for (int level = 0; level < categories.Levels.Count; level++) hash.AppendData(Encoding.UTF8.GetBytes(categories.Levels.NameOf(level) + "\0"));
                    hash.AppendData(MemoryMarshal.AsBytes(categories.Codes.Span));
                    break;
                case TextColumn texts:
                    for (int row = 0; row < texts.Count; row++)
                    {
                        hash.AppendData(texts.IsMissing(row) ? [0] : [1]);
                        hash.AppendData(texts.GetUtf8(row));
                        hash.AppendData([0]);
                    }
                    break;
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
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
