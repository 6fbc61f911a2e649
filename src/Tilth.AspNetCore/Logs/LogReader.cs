using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tilth.AspNetCore.Logs;

/// <summary>
/// Reads a folder of prediction logs back, oldest first, also while it is written. A line that a crash cut off, or that is not
/// JSON, is counted and passed over.
/// </summary>
internal sealed class LogReader(string folder)
{
    /// <summary>Lines that were not whole.</summary>
    public int TornLines { get; private set; }

    /// <summary>Rows that were read.</summary>
    public int Rows { get; private set; }

    /// <summary>Of those, the ones whose truth came.</summary>
    public int Joined { get; private set; }

    /// <summary>
    /// Each row that was predicted as one flat object: tilth_id, tilth_time, tilth_model, tilth_version, the columns, the
    /// prediction as tilth_prediction, the outputs as tilth_output_1, ..., and what became true under <paramref name="truth"/>, or null. If truths came
    /// twice for one id, the later counts.
    /// </summary>
    /// <param name="truth">The name that the truth gets.</param>
    public IEnumerable<JsonObject> Join(string truth)
    {
        var truths = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var line in Lines())
            if (line["feedback"] is JsonValue id && id.TryGetValue(out string? text)) truths[text] = line["truth"]?.DeepClone();
        TornLines = 0;
        foreach (var line in Lines())
        {
            if (line["id"] is not JsonValue id || !id.TryGetValue(out string? text) || line["row"] is not JsonObject row) continue;
            Rows++;
            if (truths.TryGetValue(text, out var known)) Joined++;
            yield return Flat(line, row, truth, known);
        }
    }

    static JsonObject Flat(JsonObject line, JsonObject row, string truth, JsonNode? known)
    {
        var flat = new JsonObject();
        foreach (string name in new[] { "id", "time", "model", "version" }) flat[$"tilth_{name}"] = line[name]?.DeepClone();
        foreach (var (column, value) in row) flat[column] = value?.DeepClone();
        flat["tilth_prediction"] = line["prediction"]?.DeepClone();
        if (line["outputs"] is JsonArray outputs)
            for (int k = 0; k < outputs.Count; k++) flat[$"tilth_output_{k + 1}"] = outputs[k]?.DeepClone();
        flat[truth] = known?.DeepClone();
        return flat;
    }

    IEnumerable<JsonObject> Lines()
    {
        foreach (string path in Directory.EnumerateFiles(folder, LogSegments.Pattern).Order(StringComparer.Ordinal))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (reader.ReadLine() is { } text)
            {
                JsonObject? line = null;
                try
                {
                    line = JsonNode.Parse(text) as JsonObject;
                }
                catch (JsonException)
                {
                    // Counted below.
                }
                if (line is null) TornLines++;
                else yield return line;
            }
        }
    }
}
