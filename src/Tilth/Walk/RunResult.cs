using System.Buffers;
using System.Text.Json;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Packaging;
using Tilth.Parts;
using Tilth.Search;

namespace Tilth.Walk;

/// <summary>
/// What a search leaves in the folder of its run when it ends: its score, its leaderboard, and what was foreseen of every scored
/// row, so that two runs can be compared row by row. Laid out as a package.
/// </summary>
/// <param name="Package">Version of the package that the run made.</param>
/// <param name="Schema">What the columns mean.</param>
/// <param name="Evaluation">On the scored rows.</param>
/// <param name="Board">Every candidate; null if no trial ended.</param>
/// <param name="From">Which rows were scored.</param>
/// <param name="Rows">Their numbers in the table, ascending.</param>
/// <param name="Values">What happened.</param>
/// <param name="Predictions">Rows x outputs.</param>
internal sealed record RunResult(string Package, Schema Schema, Evaluation.Evaluation Evaluation, Leaderboard? Board, string From, int[] Rows, double[] Values, double[] Predictions)
{
    public const string FileName = "result.bin";

    const string Manifest = "manifest.json", SchemaEntry = "schema.json", Arrays = "arrays.bin";

    /// <summary>The target of the scored rows.</summary>
    public Target Target => new(Schema.Target!, Values);

    /// <summary>Writes the result of a run into its folder.</summary>
    public static void Write(string folder, TrainingResult result)
    {
        var scored = result.Scored!;
        var arrays = new ArrayStore();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var writer = new PartWriter(json, arrays);
            json.WriteStartObject();
            writer.Text("package", result.Package.Version);
            writer.Text("from", scored.From);
            writer.Array<int>("rows", scored.Rows);
            writer.Array<double>("values", scored.Data.Target.Take(scored.Rows).Values);
            writer.Array<double>("predictions", scored.Predictions);
            ArrayFile.WriteList(writer, arrays);
            json.WriteEndObject();
        }
        List<Entry> entries = [new(Manifest, buffer.WrittenMemory), new(SchemaEntry, SchemaJson.Write(result.Package.Schema)), new(Arrays, ArrayFile.Write(arrays)), new(PackageDocuments.Evaluation, EvaluationJson.Write(result.Evaluation))];
        if (result.Leaderboard is { } board) entries.Add(new(LeaderboardJson.Name, LeaderboardJson.Write(board)));
        StoredZip.Save(Path.Combine(folder, FileName), entries);
    }

    /// <summary>Reads it; null if the run did not come to its end.</summary>
    /// <exception cref="PackageFormatException">The file is damaged.</exception>
    public static RunResult? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var entries = StoredZip.Read(File.ReadAllBytes(path));
        if (entries.Select(entry => entry.Name).Take(4) is not { } names || !names.SequenceEqual([Manifest, SchemaEntry, Arrays, PackageDocuments.Evaluation])) throw new PackageFormatException("run-result", $"'{path}' is not the result of a run");
        using var document = JsonDocument.Parse(entries[0].Content);
        var reader = new PartReader(document.RootElement, ArrayFile.Read(new PartReader(document.RootElement, new ArrayStore()), entries[2].Content));
        var schema = SchemaJson.Read(entries[1].Content);
        int[] rows = reader.Array<int>("rows", 1, int.MaxValue);
        int outputs = schema.Target?.OutputCount ?? throw new PackageFormatException("run-result", $"'{path}' names no target");
        var board = entries.Count > 4 ? LeaderboardJson.Read(entries[4].Content.Span) : null;
        return new(reader.Text("package"), schema, EvaluationJson.Read(entries[3].Content.Span), board, reader.Text("from"), rows,
            reader.Array<double>("values", rows.Length, rows.Length), reader.Array<double>("predictions", rows.Length * outputs, rows.Length * outputs));
    }
}
