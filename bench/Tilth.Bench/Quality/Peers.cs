using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tilth.Bench.Quality;

/// <summary>What other systems scored and predicted on the fixed test splits (the folder `reference` beside `data`).</summary>
sealed class Peers
{
    /// <summary>Who is compared with.</summary>
    public static readonly string[] Names = ["lightgbm", "xgboost", "sklearn_hist_gradient_boosting", "sklearn_random_forest", "sklearn_extra_trees", "sklearn_linear"];

    readonly string folder;
    readonly JsonDocument? accuracy;

    public Peers(string folder)
    {
        this.folder = folder;
        string file = Path.Combine(folder, "accuracy.json");
        if (File.Exists(file)) accuracy = JsonDocument.Parse(File.ReadAllBytes(file));
    }

    /// <summary>The peer's score on the set's test rows, or null.</summary>
    public double? Score(string set, string peer)
        => accuracy is not null && accuracy.RootElement.TryGetProperty(set, out var entry) && entry.GetProperty("scores").TryGetProperty(peer, out var line)
            && line.GetProperty("score").ValueKind == JsonValueKind.Number ? line.GetProperty("score").GetDouble() : null;

    /// <summary>The peer's predictions, rows x outputs (classes in the order of their names as text), or null.</summary>
    public double[]? Predictions(string set, string peer)
    {
        string file = Path.Combine(folder, "predictions", $"{set}.{peer}.f32.gz");
        if (!File.Exists(file)) return null;
        using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes.ToArray()).ToArray(), value => (double)value);
    }
}

/// <summary>A data set on disk: a train file, a test file, and what to foresee.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Train">Path of the train file.</param>
/// <param name="Test">Path of the test file.</param>
/// <param name="Target">Name of the target's column.</param>
/// <param name="Task">binary, multiclass or regression.</param>
/// <param name="Positive">The positive class of a binary set.</param>
sealed record DataSet(string Name, string Train, string Test, string Target, string Task, string? Positive)
{
    /// <summary>Every set under the folder's binary, multiclass and regression folders, in the order of their names.</summary>
    public static IReadOnlyList<DataSet> All(string data)
    {
        var sets = new List<DataSet>();
        foreach (string task in (string[])["binary", "multiclass", "regression"])
        {
            string folder = Path.Combine(data, task);
            if (!Directory.Exists(folder)) continue;
            foreach (string set in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            {
                string about = Path.Combine(set, "about.json");
                if (!File.Exists(about)) continue;
                var json = JsonDocument.Parse(File.ReadAllBytes(about)).RootElement;
                string? positive = json.TryGetProperty("positive_class", out var value) ? value.ToString() : null;
                sets.Add(new DataSet(Path.GetFileName(set), FileOf(set, "train"), FileOf(set, "test"), json.GetProperty("target").GetString()!, task, positive));
            }
        }
        return sets;
    }

    static string FileOf(string folder, string part) => Directory.GetFiles(folder, part + ".*").Order(StringComparer.Ordinal).First();
}
