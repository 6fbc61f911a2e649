using System.Globalization;
using System.Text.Json;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Pages;

/// <summary>One metric of a package's evaluation; bounds are NaN where there are none.</summary>
internal sealed record CardMetric(string Name, double Value, double Lower, double Upper, double Baseline);

/// <summary>What a package's documents say for people. Documents come from anybody: what is not as expected is left out.</summary>
internal sealed class ModelCard
{
    const string Honesty = "honesty.json", Importance = "importance.json";

    public string Headline { get; private set; } = "";

    public string RowsFrom { get; private set; } = "";

    public long Rows { get; private set; }

    public IReadOnlyList<CardMetric> Metrics { get; private set; } = [];

    /// <summary>What the honesty checks found, in sentences.</summary>
    public IReadOnlyList<string> Sentences { get; private set; } = [];

    /// <summary>By column, the share of what moves the predictions.</summary>
    public IReadOnlyDictionary<string, double> Shares { get; private set; } = new Dictionary<string, double>();

    public static ModelCard Of(ModelPackage package)
    {
        var card = new ModelCard();
        Read(package, PackageDocuments.Evaluation, card.ReadEvaluation);
        Read(package, Honesty, card.ReadHonesty);
        Read(package, Importance, card.ReadImportance);
        return card;
    }

    void ReadEvaluation(JsonElement evaluation)
    {
        (Headline, RowsFrom, Rows) = (Text(evaluation, "headline"), Text(evaluation, "rowsFrom"), (long)Number(evaluation, "rowCount"));
        Metrics = [.. evaluation.GetProperty("metrics").EnumerateArray().Take(100).Select(metric =>
        {
            var score = metric.GetProperty("score");
            return new CardMetric(Text(metric, "name"), Number(score, "value"), Number(score, "lower"), Number(score, "upper"), Number(metric, "baseline"));
        })];
    }

    void ReadHonesty(JsonElement honesty)
    {
        var verdict = honesty.GetProperty("verdict");
        Sentences = [.. new[] { "sentence", "enough", "optimism" }.Select(name => Text(verdict, name)).Where(sentence => sentence.Length > 0)];
    }

    void ReadImportance(JsonElement importance)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var column in importance.EnumerateArray())
            if (Number(column, "share") is >= 0 and <= 1 and var share) shares[Text(column, "column")] = share;
        Shares = shares;
    }

    static void Read(ModelPackage package, string name, Action<JsonElement> read)
    {
        if (!package.Documents.TryGetValue(name, out var bytes)) return;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Another program wrote it otherwise.
        }
    }

    static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    static double Number(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? double.NaN : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out double number) => number,
        _ => double.NaN,
    };
}
