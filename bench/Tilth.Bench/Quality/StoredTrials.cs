using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tilth.Data;
using Tilth.Metrics;
using Tilth.Search;

namespace Tilth.Bench.Quality;

/// <summary>A set's trials in a folder: target, out-of-fold predictions of each candidate, and seconds.</summary>
sealed class StoredTrials
{
    readonly string folder;
    readonly Dictionary<string, (string File, double Seconds)> lines = new(StringComparer.Ordinal);
    readonly Dictionary<string, double[]> read = new(StringComparer.Ordinal);

    public StoredTrials(string store, string set)
    {
        folder = Path.Combine(store, set);
        Directory.CreateDirectory(folder);
        if (!File.Exists(Index)) return;
        foreach (string[] line in File.ReadLines(Index).Select(line => line.Split('\t')))
            lines[line[2]] = (line[0], double.Parse(line[1], CultureInfo.InvariantCulture));
    }

    public static IReadOnlyList<StoredTrials> All(string store)
        => [.. Directory.GetDirectories(store).Order(StringComparer.Ordinal).Select(folder => new StoredTrials(store, Path.GetFileName(folder))).Where(set => set.Keys.Any())];

    /// <summary>Candidates with predictions.</summary>
    public IEnumerable<string> Keys => lines.Where(line => line.Value.File.Length > 0).Select(line => line.Key);

    public bool Holds(string key) => lines.ContainsKey(key);

    /// <summary>Writes the target, once.</summary>
    public void Begin(SearchData search)
    {
        if (File.Exists(TargetFile)) return;
        File.WriteAllText(TargetFile, JsonSerializer.Serialize(new Rows(search.Scored.Task, search.Scored.Schema.Column, [.. search.Scored.Schema.Classes], search.Scored.Values)));
    }

    public void Add(Trial trial, double seconds)
    {
        string file = trial.Status == TrialStatus.Done ? string.Create(CultureInfo.InvariantCulture, $"{lines.Count}.f64") : "";
        if (file.Length > 0) File.WriteAllBytes(Path.Combine(folder, file), MemoryMarshal.AsBytes(trial.OutOfFold.AsSpan()).ToArray());
        File.AppendAllText(Index, string.Create(CultureInfo.InvariantCulture, $"{file}\t{seconds}\t{trial.Candidate.Key}\n"));
        lines[trial.Candidate.Key] = (file, seconds);
    }

    /// <summary>Out-of-fold predictions, or null if the candidate has none here.</summary>
    public double[]? Predictions(string key)
    {
        if (!lines.TryGetValue(key, out var line) || line.File.Length == 0) return null;
        lock (read)
        {
            if (!read.TryGetValue(key, out double[]? found)) read[key] = found = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(folder, line.File))).ToArray();
            return found;
        }
    }

    /// <summary>1 - AUC, log loss or RMSE of predictions.</summary>
    public double ErrorOf(double[] predictions)
    {
        var metric = MetricCatalog.Headline(Scored.Task);
        double score = metric.Compute(new EvaluationData(Scored.Schema, Scored.Values, predictions));
        return metric.HigherIsBetter ? 1 - score : score;
    }

    Target Scored => scored ??= JsonSerializer.Deserialize<Rows>(File.ReadAllText(TargetFile))!.Target;

    Target? scored;

    string Index => Path.Combine(folder, "index.tsv");

    string TargetFile => Path.Combine(folder, "target.json");

    sealed record Rows(TaskKind Task, string Column, string[] Classes, double[] Values)
    {
        public Target Target => new(new TargetSchema { Column = Column, Task = Task, Classes = Classes }, Values);
    }
}

/// <summary>A set's blend while a sequence of candidates is followed: each is mixed in with the share that helps most.</summary>
sealed class BlendSoFar(StoredTrials set)
{
    static readonly double[] Shares = [0.05, 0.15, 0.3, 0.5, 1];

    double[]? blend;
    double error = double.PositiveInfinity;

    /// <summary>The error that the candidate would bring it to, and the predictions.</summary>
    public (double Error, double[]? Predictions) With(string key)
    {
        if (set.Predictions(key) is not { } one) return (double.IsFinite(error) ? error : WithoutAny, blend);
        (double Error, double[]? Predictions) best = (error, blend);
        foreach (double share in blend is null ? [1.0] : Shares)
        {
            double[] mixed = blend is null ? one : [.. one.Select((value, i) => share * value + (1 - share) * blend[i])];
            if (set.ErrorOf(mixed) is var found && found < best.Error) best = (found, mixed);
        }
        return best;
    }

    public void Add(string key) => (error, blend) = With(key) is var with && with.Predictions is null ? (double.PositiveInfinity, null) : with;

    /// <summary>The error after a whole sequence.</summary>
    public double Follow(IEnumerable<string> sequence)
    {
        foreach (string key in sequence) Add(key);
        return error;
    }

    /// <summary>A candidate that does not suit the set is as bad as its worst.</summary>
    double WithoutAny => set.Keys.Max(key => set.ErrorOf(set.Predictions(key)!));
}
