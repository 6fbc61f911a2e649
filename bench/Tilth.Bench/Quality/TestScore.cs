using System.Globalization;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Evaluation;
using Tilth.Metrics;
using Tilth.Parallelism;

namespace Tilth.Bench.Quality;

/// <summary>What a trained package and the peers score on a set's test rows.</summary>
/// <param name="Metric">Of all scores.</param>
/// <param name="Ours">Our score with its interval.</param>
/// <param name="Theirs">The score of each peer that has one.</param>
/// <param name="BestPeer">The peer with the best score, if its predictions are stored.</param>
/// <param name="Difference">Our score minus the best peer's on the same resampled rows.</param>
sealed record TestScore(Metric Metric, Interval Ours, IReadOnlyDictionary<string, double> Theirs, string? BestPeer, Interval? Difference)
{
    public const string Us = "ours";

    /// <summary>Reads the test file, predicts it as the package does, and compares.</summary>
    public static TestScore Of(DataSet set, TrainingResult result, Peers peers, WorkerPool workers)
    {
        var package = result.Package;
        var conformed = package.Schema.Conform(TableReader.Read([set.Test], null, workers, out _), [], targetRequired: true);
        var rows = TargetReader.Read(conformed, package.Schema);
        double[] ours = package.Node.Predict(rows.Of(conformed));
        package.Head.Calibrate(ours, package.Node.OutputCount);
        var metric = MetricCatalog.Headline(rows.Target.Task);
        var options = new EvaluationOptions { Workers = workers };
        var score = Evaluator.Evaluate(rows.Target, ours, options).HeadlineScore().Score;
        var theirs = Peers.Names.Where(peer => peers.Score(set.Name, peer) is not null).ToDictionary(peer => peer, peer => peers.Score(set.Name, peer)!.Value);
        string? best = theirs.Count == 0 ? null : theirs.MinBy(pair => Error(metric, pair.Value)).Key;
        var predicted = best is null ? null : peers.Predictions(set.Name, best);
        return new(metric, score, theirs, best, predicted is null ? null : PairedComparison.Difference(rows.Target, ours, InOurOrder(predicted, rows.Target.Schema), metric, options));
    }

    /// <summary>Our score or a peer's; null if it has none.</summary>
    public double? ScoreOf(string system) => system == Us ? Ours.Value : Theirs.TryGetValue(system, out double score) ? score : null;

    /// <summary>1 - AUC, log loss or RMSE; null if it has none.</summary>
    public double? ErrorOf(string system) => ScoreOf(system) is { } score ? Error(Metric, score) : null;

    /// <summary>1 for the smallest error; ties share the better rank.</summary>
    public int? Rank(string system) => ErrorOf(system) is { } own ? 1 + Theirs.Keys.Append(Us).Count(other => ErrorOf(other) < own) : null;

    /// <summary>By how many standard errors the best peer's error is below ours; below 0 where ours is smaller; NaN without its predictions.</summary>
    public double StandardErrorsWorse => Difference is not { } d ? double.NaN : (Metric.HigherIsBetter ? -d.Value : d.Value) / ((d.Upper - d.Lower) / 3.92);

    public string FromBestPeer => Difference is not { } d ? "-" : Metric.HigherIsBetter
        ? string.Create(CultureInfo.InvariantCulture, $"{-d.Value:+0.#####;-0.#####} ({-d.Upper:+0.#####;-0.#####} to {-d.Lower:+0.#####;-0.#####}) {BestPeer}")
        : string.Create(CultureInfo.InvariantCulture, $"{d.Value:+0.#####;-0.#####} ({d.Lower:+0.#####;-0.#####} to {d.Upper:+0.#####;-0.#####}) {BestPeer}");

    static double Error(Metric metric, double score) => metric.HigherIsBetter ? 1 - score : score;

    /// <summary>The peers' columns stand in the order of the class names as text.</summary>
    static double[] InOurOrder(double[] theirs, TargetSchema schema)
    {
        if (schema.Task != TaskKind.Multiclass) return theirs;
        int outputs = schema.Classes.Count;
        string[] sorted = [.. schema.Classes.Order(StringComparer.Ordinal)];
        int[] from = [.. schema.Classes.Select(name => Array.IndexOf(sorted, name))];
        var ours = new double[theirs.Length];
        for (int i = 0; i < theirs.Length; i++) ours[i] = theirs[i / outputs * outputs + from[i % outputs]];
        return ours;
    }
}
